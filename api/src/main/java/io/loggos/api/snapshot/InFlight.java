package io.loggos.api.snapshot;

import io.loggos.api.NodeId;

/**
 * A message of the application that was on its way at the cut: its sender had sent it, its receiver's listener had not
 * been called with it.
 *
 * @param to who it was on its way to; a multicast is listed once for each member that still had to get it
 */
public record InFlight<T>(NodeId from, NodeId to, T message) {}
