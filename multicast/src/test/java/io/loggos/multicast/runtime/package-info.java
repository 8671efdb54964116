/** Tests of the queue of an application's messages on their way into the loop. */
@org.jspecify.annotations.NullMarked
package io.loggos.multicast.runtime;
