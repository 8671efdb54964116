package io.loggos.paxos.wire;

import io.loggos.api.LogId;
import io.loggos.paxos.core.PaxosMessage;

/**
 * A message with what every message carries.
 *
 * @param configuration the number of the configuration that the sender is in
 * @param incarnation the sender's: a vote counts only from the store that the voters know
 */
public record Envelope(LogId log, long configuration, long incarnation, PaxosMessage message) {}
