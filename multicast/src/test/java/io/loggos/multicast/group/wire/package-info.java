/** What groups say to each other, as bytes. */
@org.jspecify.annotations.NullMarked
package io.loggos.multicast.group.wire;
