/**
 * View-synchronous group multicast, pure: events and the time in, effects out, on the node's one loop thread.
 *
 * <p>The package {@code group.wire} has the bytes, {@code runtime} the threads and queues.
 */
@NullMarked
package io.loggos.multicast.group.core;

import org.jspecify.annotations.NullMarked;
