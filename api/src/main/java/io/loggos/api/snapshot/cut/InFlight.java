package io.loggos.api.snapshot.cut;

import io.loggos.api.NodeId;

/**
 * An application message that was in flight at the cut: sent, and not yet passed to the receiver's listener.
 *
 * @param from the sender
 * @param to the receiver; a multicast is listed once for each member that still had to receive it
 * @param message the message
 */
public record InFlight<T>(NodeId from, NodeId to, T message) {}
