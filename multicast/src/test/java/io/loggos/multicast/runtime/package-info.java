/** The way of an application's messages into the loop. */
@org.jspecify.annotations.NullMarked
package io.loggos.multicast.runtime;
