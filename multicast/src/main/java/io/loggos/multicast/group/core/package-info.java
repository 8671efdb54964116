/**
 * View-synchronous group multicast, pure: events and the time in, effects out, on the node's one loop thread. The bytes
 * are in {@code group.wire}, threads and queues in {@code runtime}.
 */
@NullMarked
package io.loggos.multicast.group.core;

import org.jspecify.annotations.NullMarked;
