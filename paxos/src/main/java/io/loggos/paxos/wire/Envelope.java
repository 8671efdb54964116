package io.loggos.paxos.wire;

import io.loggos.api.LogId;
import io.loggos.paxos.core.model.PaxosMessage;

/**
 * A message with the fields that every message carries.
 *
 * @param log the log
 * @param configuration the number of the sender's configuration
 * @param incarnation the incarnation of the sender's store; a vote counts only from the store that the voters know
 * @param message the message
 */
public record Envelope(LogId log, long configuration, long incarnation, PaxosMessage message) {}
