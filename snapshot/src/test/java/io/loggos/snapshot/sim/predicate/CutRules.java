package io.loggos.snapshot.sim.predicate;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.snapshot.core.Channel;
import io.loggos.snapshot.core.Recording;
import io.loggos.testkit.Violation;
import io.loggos.testkit.sim.Journal;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/** CL1, CL2, CL3 and CL6 of one snapshot whose parts are all there, and Mattern's counting. */
final class CutRules {
    private final Journal journal;
    private final SortedMap<NodeId, Cut> cuts;

    CutRules(Journal journal, SortedMap<NodeId, Cut> cuts) {
        this.journal = journal;
        this.cuts = cuts;
    }

    void check() {
        Set<Long> seen = new TreeSet<>();
        long tokens = 0;
        long expected = 0;
        for (Cut to : cuts.values()) {
            tokens += to.state.tokens();
            expected += to.book.initial.tokens() + to.imported;
            for (Cut from : cuts.values()) {
                if (from != to) {
                    Channel<Bytes> channel = recording(to).incoming().get(from.node());
                    Violation.unless(channel != null, "CL2", () -> "no channel " + way(from, to));
                    if (channel != null) {
                        checkClocks(from, to);
                        checkChannel(from, to, channel.messages());
                        checkColours(from, to, channel.messages().size());
                        tokens += tokensIn(channel.messages(), seen);
                        expected += lostBetween(from, to);
                    }
                }
            }
        }
        long found = tokens;
        long right = expected;
        Violation.unless(found == right, "CL3", () -> found + " tokens, there are " + right);
    }

    static Recording<NodeId, Bytes> recording(Cut cut) {
        Recording<NodeId, Bytes> recording = cut.recording;
        if (recording == null) {
            throw new IllegalStateException(cut.node() + " has not recorded its channels");
        }
        return recording;
    }

    private static String way(Cut from, Cut to) {
        return from.id + ", " + from.node() + "→" + to.node();
    }

    /** CL1: nothing that the receiver had seen of the sender comes after the sender's cut. */
    private static void checkClocks(Cut from, Cut to) {
        int at = from.node().value() - 1;
        Violation.unless(
                to.clock.at(at) <= from.clock.at(at),
                "CL1",
                () -> way(from, to) + ": event " + to.clock.at(at)
                        + " is before the cut of the one and not of the other");
    }

    /** CL2: what was sent before the one cut and not received before the other. */
    private static void checkChannel(Cut from, Cut to, List<Bytes> recorded) {
        Cut.Out out = outOf(from, to);
        Cut.In in = inOf(from, to);
        Flow flow = out.flow();
        Violation.unless(
                flow != null && flow == in.link().flow,
                "CL2",
                () -> way(from, to) + ": sent in " + flow + ", received in " + in.link().flow);
        if (flow == null) {
            return;
        }
        // The first marker has been received when its receiver cuts, and is not of the channel.
        Violation.unless(
                in.received() <= out.sent() + 1,
                "CL2",
                () -> way(from, to) + ": " + in.received() + " messages were received, " + out.sent() + " sent");
        List<Bytes> expected = flow.sent.subList(Math.min(in.received(), out.sent()), out.sent()).stream()
                .map(Flow.Sent::bytes)
                .toList();
        Violation.unless(
                expected.equals(recorded),
                "CL2",
                () -> way(from, to) + ": " + recorded.size() + " messages are recorded, not the " + expected.size()
                        + " in flight");
    }

    /**
     * Mattern (1993): without markers, each message tells whether its sender had cut before it was sent. The channel is what
     * such white messages bring after the receiver's cut, and there are no more of them under way.
     */
    private static void checkColours(Cut from, Cut to, int recorded) {
        Flow flow = outOf(from, to).flow();
        if (flow == null) {
            return;
        }
        long late = flow.sent.stream()
                .skip(inOf(from, to).received())
                .filter(sent -> sent.cuts() <= from.ordinal)
                .count();
        long underWay = flow.sent.stream()
                .skip(flow.received)
                .filter(sent -> sent.cuts() <= from.ordinal)
                .count();
        Violation.unless(
                late == recorded && underWay == 0,
                "Mattern",
                () -> way(from, to) + ": of " + late + " white messages " + underWay + " are under way and " + recorded
                        + " recorded");
    }

    /** CL6: no message is in two channels. */
    private long tokensIn(List<Bytes> messages, Set<Long> seen) {
        long tokens = 0;
        for (Bytes bytes : messages) {
            BankMessage message = BankMessage.is(bytes) ? BankMessage.decode(bytes) : null;
            if (message != null && !message.isFirst()) {
                Violation.unless(
                        seen.add(message.id()), "CL6", () -> "message " + message.id() + " is in two channels");
                tokens += message.tokens();
            }
            journal.note(message == null ? "a channel with a message about snapshots" : "a channel with a message");
        }
        return tokens;
    }

    /** Tokens that were received in other generations than that of the cut, less those that were sent in such. */
    private static long lostBetween(Cut from, Cut to) {
        Cut.Out out = outOf(from, to);
        Cut.In in = inOf(from, to);
        return (in.tokensOfLife() - in.tokens()) - (out.tokensOfLife() - out.tokens());
    }

    private static Cut.Out outOf(Cut from, Cut to) {
        Cut.Out out = from.out.get(to.node());
        if (out == null) {
            throw new Violation("CL2", way(from, to) + ": the receiver is not in the sender's view");
        }
        return out;
    }

    private static Cut.In inOf(Cut from, Cut to) {
        Cut.In in = to.in.get(from.node());
        if (in == null) {
            throw new Violation("CL2", way(from, to) + ": the sender is not in the receiver's view");
        }
        return in;
    }
}
