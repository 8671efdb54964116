package io.loggos.paxos.synod;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.synod.core.SynodMessage;
import io.loggos.testkit.Violation;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Sees everything, and checks MP1 to MP4 and MP8 of a synod after each event. */
final class SynodJudge {
    private final Configuration configuration;
    private final TreeSet<Bytes> proposed = new TreeSet<>();
    private final TreeMap<Ballot, Bytes> valueOf = new TreeMap<>();
    private final TreeMap<Ballot, Long> votes = new TreeMap<>();
    private @Nullable Ballot chosenAt;
    private @Nullable Bytes chosen;

    SynodJudge(Configuration configuration) {
        this.configuration = configuration;
    }

    @Nullable
    Bytes chosen() {
        return chosen;
    }

    void proposes(Bytes value) {
        proposed.add(value);
    }

    /** One value per ballot, over all lives; and what is chosen is what later ballots propose (P2b). */
    void sends(SynodMessage message) {
        if (message instanceof SynodMessage.Accept accept) {
            valueIn(accept.ballot(), accept.value());
            if (chosenAt != null && accept.ballot().isAbove(chosenAt)) {
                same("MP4", accept.value(), "proposed in " + accept.ballot() + " after " + chosenAt);
            }
        }
    }

    /** A write is on disk. Chosen is what a quorum has there in one ballot; at most one value ever is (P2). */
    void writes(NodeId node, LogRecord write) {
        if (!(write instanceof LogRecord.Accepted accepted)) {
            return;
        }
        valueIn(accepted.ballot(), accepted.value());
        long all = votes.merge(accepted.ballot(), configuration.bit(node), (a, b) -> a | b);
        if (configuration.isQuorum(all)) {
            if (chosen == null) {
                chosen = accepted.value();
                chosenAt = accepted.ballot();
                later();
            }
            same("MP1", accepted.value(), "chosen in " + accepted.ballot());
        }
    }

    /** A node learns a value, which must be chosen, and must have been proposed by somebody (section 2.1). */
    void decides(NodeId node, Bytes value) {
        if (chosen == null) {
            throw new Violation("MP8", node + " decides " + value.toUtf8() + " before anything is chosen");
        }
        same("MP8", value, "decided by " + node);
        if (!proposed.contains(value)) {
            throw new Violation("MP2", value.toUtf8() + " was never proposed");
        }
    }

    /** A proposal of a higher ballot may have been sent before the lower one was chosen. */
    private void later() {
        if (chosenAt != null) {
            for (Map.Entry<Ballot, Bytes> proposal : valueOf.tailMap(chosenAt).entrySet()) {
                same("MP4", proposal.getValue(), "proposed in " + proposal.getKey() + " before " + chosenAt);
            }
        }
    }

    private void valueIn(Ballot ballot, Bytes value) {
        Bytes before = valueOf.putIfAbsent(ballot, value);
        if (before != null && !before.equals(value)) {
            throw new Violation("MP3", "two values in " + ballot + ": " + before.toUtf8() + " and " + value.toUtf8());
        }
    }

    private void same(String predicate, Bytes value, String what) {
        if (!value.equals(chosen)) {
            throw new Violation(predicate, value.toUtf8() + " is " + what + ", and another value is chosen");
        }
    }
}
