package io.loggos.snapshot.sim.predicate;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.snapshot.core.CutVerifier;
import io.loggos.snapshot.core.Recording;
import io.loggos.snapshot.sim.predicate.Book.Event;
import io.loggos.snapshot.sim.predicate.Book.Kind;
import io.loggos.testkit.Violation;
import io.loggos.testkit.sim.Journal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Sees everything that is sent, received and recorded, with vector clocks of which the nodes know nothing. It has each
 * predicate checked at the moment at which it can first fail.
 */
public final class Ghost {
    /** Names a generation of a link. */
    private record FlowName(NodeId from, long life, NodeId to, long generation) implements Comparable<FlowName> {
        @Override
        public int compareTo(FlowName other) {
            int order = from.compareTo(other.from);
            order = order != 0 ? order : to.compareTo(other.to);
            order = order != 0 ? order : Long.compare(life, other.life);
            return order != 0 ? order : Long.compare(generation, other.generation);
        }
    }

    public final OutcomeRules outcomes;
    public final TerminationRules termination;
    private final Journal journal;
    private final int nodes;
    private final TreeMap<FlowName, Flow> flows = new TreeMap<>();
    private final TreeMap<SnapshotId, TreeMap<NodeId, Cut>> cuts = new TreeMap<>();
    private final TreeMap<NodeId, Long> ticks = new TreeMap<>();

    /**
     * A ghost that has seen nothing.
     *
     * @param calm true if nothing goes wrong in the run, so that every snapshot becomes complete
     */
    public Ghost(Journal journal, int nodes, boolean calm) {
        this.journal = journal;
        this.nodes = nodes;
        outcomes = new OutcomeRules(journal, calm);
        termination = new TerminationRules(journal, nodes);
    }

    public Book started(NodeId node, long life, Bank.State initial) {
        Book book = new Book(node, life, initial, nodes);
        book.clock.set(node.value() - 1, ticks.getOrDefault(node, 0L));
        return book;
    }

    public void outgoingReset(Book book, NodeId to, long generation) {
        Flow flow = new Flow(book.node, book.life, to, generation);
        flows.put(new FlowName(book.node, book.life, to, generation), flow);
        book.outgoing.put(to, flow);
    }

    public void incomingReset(Book book, NodeId from) {
        book.incoming.put(from, new Incoming());
    }

    /**
     * Something is given to a link.
     *
     * @param taken whether it is part of a generation, or was dropped
     */
    public void sent(Book book, NodeId to, boolean taken, Bytes bytes, @Nullable BankMessage message, long connection) {
        Flow flow = taken ? book.outgoing.get(to) : null;
        int index = flow == null ? -1 : flow.sent.size();
        int events = book.events.size();
        if (message != null) {
            happened(book, new Event(Kind.SEND, message, flow, index));
            book.tokensSent.merge(to, (long) message.tokens(), Long::sum);
        }
        if (flow != null) {
            flow.sent.add(
                    new Flow.Sent(bytes, message == null ? null : book.clock.copy(), events, book.cuts, connection));
            flow.tokensSent += message == null ? 0 : message.tokens();
        }
    }

    /** Something has come over a link, and nothing else has happened yet. */
    public void received(Book book, NodeId from, Bytes bytes) {
        Incoming link = book.incoming.computeIfAbsent(from, key -> new Incoming());
        Flow flow = link.flow;
        if (flow == null) {
            BankMessage first = BankMessage.decode(bytes);
            flow = flows.get(new FlowName(first.from(), first.life(), book.node, first.generation()));
            if (flow == null) {
                throw new Violation("link", "nobody began generation " + first.generation() + " from " + from);
            }
            link.flow = flow;
        }
        flow.received++;
    }

    /** Returns the last message from a peer, with what the nodes do not see. */
    public Flow.Sent lastReceived(Book book, NodeId from) {
        Flow flow = flowFrom(book, from);
        return flow.sent.get(flow.received - 1);
    }

    /** The message that was received last is one for the bank, which has taken it. */
    public void receivedByBank(Book book, NodeId from, BankMessage message) {
        Flow flow = flowFrom(book, from);
        Flow.Sent sent = lastReceived(book, from);
        flow.tokensReceived += message.tokens();
        book.tokensReceived.merge(from, (long) message.tokens(), Long::sum);
        HiddenClock clock = sent.clock();
        if (clock != null) {
            book.clock.merge(clock);
        }
        happened(book, new Event(Kind.RECEIVE, message, flow, flow.received - 1));
    }

    public void worked(Book book) {
        happened(book, new Event(Kind.WORK, null, null, -1));
    }

    private void happened(Book book, Event event) {
        book.events.add(event);
        book.clock.set(book.node.value() - 1, ticks.merge(book.node, 1L, Long::sum));
        termination.happened(book, event);
    }

    private static Flow flowFrom(Book book, NodeId from) {
        Incoming link = book.incoming.get(from);
        Flow flow = link == null ? null : link.flow;
        if (flow == null) {
            throw new IllegalStateException("nothing has come from " + from);
        }
        return flow;
    }

    /** A node records its state, at this moment. */
    public void cut(SnapshotId id, View view, Book book, Bank.State state) {
        Cut cut = new Cut(id, view, book, state);
        Cut other = cuts.computeIfAbsent(id, key -> new TreeMap<>()).put(book.node, cut);
        Violation.unless(other == null, "CL5", () -> book.node + " records its state for " + id + " twice");
        outcomes.takesPart(id, view, book);
    }

    /** A node has recorded all its channels. */
    public void recorded(SnapshotId id, NodeId node, Recording<NodeId, Bytes> recording) {
        Cut cut = cutsOf(id).get(node);
        Violation.unless(cut != null, "CL2", () -> node + " has recorded channels and no state for " + id);
        if (cut != null) {
            cut.recording = recording;
        }
    }

    /** All parts are said to be there: now the cut can be judged. */
    public void verify(SnapshotId id, View view) {
        Collection<Cut> all = cutsOf(id).values();
        List<NodeId> missing = new ArrayList<>(view.members());
        all.stream().filter(cut -> cut.recording != null).map(Cut::node).forEach(missing::remove);
        Violation.unless(missing.isEmpty(), "CL2", () -> "the parts of " + missing + " are not in " + id);
        new CutRules(journal, cutsOf(id)).check();
        new Replay(cutsOf(id)).check();
        List<String> problems =
                CutVerifier.problems(view, all.stream().map(Cut::toNodeCut).toList());
        Violation.unless(problems.isEmpty(), "verification", () -> id + " is consistent and refused: " + problems);
        outcomes.verified(id);
        termination.judge(id, all);
    }

    private SortedMap<NodeId, Cut> cutsOf(SnapshotId id) {
        return cuts.getOrDefault(id, new TreeMap<>());
    }

    /** True if everything that was sent to one of these lives by another has been received. */
    public boolean isQuiet(List<Book> lives) {
        for (Book one : lives) {
            for (Book other : lives) {
                if (one != other) {
                    Flow flow = one.outgoing.get(other.node);
                    Incoming link = other.incoming.get(one.node);
                    if (flow == null || link == null || link.flow != flow || flow.received < flow.sent.size()) {
                        return false;
                    }
                }
            }
        }
        return true;
    }
}
