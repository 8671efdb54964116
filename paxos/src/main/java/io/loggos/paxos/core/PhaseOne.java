package io.loggos.paxos.core;

import io.loggos.api.NodeId;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.spi.LogEntry;
import io.loggos.paxos.core.model.Batch;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.model.PaxosMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The promises gathered in phase 1 of one ballot.
 *
 * <p>Phase 1 is complete when a quorum has answered soundly for every slot that may have a value. A faulty record is
 * neither a vote for "empty" nor a value (RULES.md P-7).
 */
final class PhaseOne {
    /** Greatest number of parts in an honest answer: one for each slot that an acceptor may have open. */
    private static final int MOST_PARTS = Acceptor.ROOM_PER_WINDOW * ReplicaOptions.MOST_WINDOW_SLOTS + 1;

    private static final class Answer {
        long chosenThrough;
        int parts;
        boolean complete;
        final List<LogEntry> accepted = new ArrayList<>();
    }

    private final Configuration configuration;
    private final TreeMap<NodeId, Answer> answers = new TreeMap<>();
    private @Nullable String conflict;

    PhaseOne(Configuration configuration) {
        this.configuration = configuration;
    }

    /** Adds a part of an answer. Part 0 begins the answer anew. */
    void add(NodeId from, PaxosMessage.Promise promise) {
        if (configuration.bit(from) == 0) {
            return;
        }
        Answer answer = answers.get(from);
        if (promise.part() == 0) {
            if (answer != null && answer.complete) {
                return;
            }
            answer = new Answer();
            answers.put(from, answer);
        }
        if (answer == null || answer.complete || answer.parts != promise.part() || answer.parts == MOST_PARTS) {
            return;
        }
        answer.parts++;
        answer.chosenThrough = promise.chosenThrough();
        answer.accepted.addAll(promise.accepted());
        answer.complete = promise.last();
    }

    boolean hasAnswered(NodeId peer) {
        Answer answer = answers.get(peer);
        return answer != null && answer.complete;
    }

    /** Tells if a quorum has promised, with sound records for each open slot. */
    boolean complete(long learnedThrough) {
        long all = 0;
        for (var entry : answers.entrySet()) {
            all |= entry.getValue().complete ? configuration.bit(entry.getKey()) : 0;
        }
        if (!configuration.isQuorum(all)) {
            return false;
        }
        long chosen = chosenThrough(learnedThrough);
        TreeMap<Long, Long> unsound = new TreeMap<>();
        for (var entry : answers.entrySet()) {
            for (LogEntry accepted : entry.getValue().accepted) {
                if (accepted.faulty() && accepted.slot() > chosen) {
                    unsound.merge(accepted.slot(), configuration.bit(entry.getKey()), (a, b) -> a | b);
                }
            }
        }
        for (long votes : unsound.values()) {
            if (!configuration.isQuorum(all & ~votes)) {
                return false;
            }
        }
        return true;
    }

    /** Returns the last slot up to which some answerer knows all slots to be chosen. */
    long chosenThrough(long learnedThrough) {
        long highest = learnedThrough;
        for (Answer answer : answers.values()) {
            highest = answer.complete ? Math.max(highest, answer.chosenThrough) : highest;
        }
        return highest;
    }

    /** Returns the answerer that knows most chosen slots. */
    NodeId bestInformed() {
        NodeId best = answers.firstKey();
        long most = -1;
        for (var answer : answers.entrySet()) {
            if (answer.getValue().complete && answer.getValue().chosenThrough > most) {
                most = answer.getValue().chosenThrough;
                best = answer.getKey();
            }
        }
        return best;
    }

    /**
     * Returns, for each slot above {@code chosenThrough}, the value of the highest ballot.
     *
     * <p>A stop-sign is the last one. What lies behind it is void, because a leader announces chosen slots without a gap: if
     * it had announced a slot behind this one, a value of its ballot would have been found here (RULES.md R-3).
     */
    SortedMap<Long, LogEntry> values(long chosenThrough) {
        TreeMap<Long, LogEntry> values = new TreeMap<>();
        for (Answer answer : answers.values()) {
            if (!answer.complete) {
                continue;
            }
            for (LogEntry entry : answer.accepted) {
                if (entry.slot() > chosenThrough && !entry.faulty()) {
                    values.merge(entry.slot(), entry, this::higher);
                }
            }
        }
        for (LogEntry entry : values.values()) {
            if (Batch.isStopSign(entry.value())) {
                values.tailMap(entry.slot(), false).clear();
                break;
            }
        }
        return values;
    }

    /** The description of an impossible state: two values for one slot in one ballot. Null if there is none. */
    @Nullable
    String conflict() {
        return conflict;
    }

    private LogEntry higher(LogEntry one, LogEntry other) {
        int order = one.ballot().compareTo(other.ballot());
        if (order == 0 && !one.value().equals(other.value())) {
            conflict = "two values for slot " + one.slot() + " in ballot " + one.ballot();
        }
        return order >= 0 ? one : other;
    }
}
