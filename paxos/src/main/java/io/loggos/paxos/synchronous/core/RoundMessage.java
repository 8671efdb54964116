package io.loggos.paxos.synchronous.core;

import io.loggos.api.Bytes;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The multicast of a process at the beginning of a round.
 *
 * @param round the number of the round, from 1
 * @param values the values that were new to it in the previous round; in the first round its own value
 */
public record RoundMessage(int round, SortedSet<Bytes> values) {
    public RoundMessage {
        if (round < 1) {
            throw new IllegalArgumentException("round " + round);
        }
        values = Collections.unmodifiableSortedSet(new TreeSet<>(values));
    }
}
