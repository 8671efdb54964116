package io.loggos.snapshot.sim.predicate;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.cut.ChannelState;
import io.loggos.api.snapshot.cut.LinkCut;
import io.loggos.api.snapshot.cut.NodeCut;
import io.loggos.snapshot.core.Channels;
import io.loggos.snapshot.core.Recording;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One snapshot at one node: its position as the simulator saw it, and its recording. */
final class Cut {
    /** Position of an outgoing link: the number of messages that had been given to it, and the tokens in them. */
    record Out(@Nullable Flow flow, int sent, long tokens, long tokensOfLife) {}

    /** Position of an incoming link. */
    record In(Incoming link, int received, long tokens, long tokensOfLife) {}

    final SnapshotId id;
    final View view;
    final Book book;
    final Bank.State state;
    /** Number of events of the application before it. */
    final int events;
    /** Its place among the cuts of this life. */
    final int ordinal;

    final HiddenClock clock;
    /** Tokens that came from nodes which take no part, less those that went there. */
    final long imported;

    final TreeMap<NodeId, Out> out = new TreeMap<>();
    final TreeMap<NodeId, In> in = new TreeMap<>();

    /** Recording of the node, once it has one. */
    @Nullable
    Recording<NodeId, Bytes> recording;

    Cut(SnapshotId id, View view, Book book, Bank.State state) {
        this.id = id;
        this.view = view;
        this.book = book;
        this.state = state;
        events = book.events.size();
        ordinal = book.cuts++;
        clock = book.clock.copy();
        for (NodeId peer : view.members()) {
            if (!peer.equals(book.node)) {
                Flow flow = book.outgoing.get(peer);
                out.put(
                        peer,
                        new Out(
                                flow,
                                flow == null ? 0 : flow.sent.size(),
                                flow == null ? 0 : flow.tokensSent,
                                book.tokensSent.getOrDefault(peer, 0L)));
                Incoming link = book.incoming.computeIfAbsent(peer, key -> new Incoming());
                in.put(peer, new In(link, link.received(), link.tokens(), book.tokensReceived.getOrDefault(peer, 0L)));
            }
        }
        imported = tokensOfOthers(view);
    }

    /** Returns the cut in the form that production verifies. */
    NodeCut toNodeCut() {
        TreeMap<NodeId, LinkCut> links = new TreeMap<>();
        Recording<NodeId, Bytes> recorded = CutRules.recording(this);
        recorded.incoming().forEach((peer, channel) -> {
            Channels.Position sent = recorded.sent().get(peer);
            ChannelState held = new ChannelState(
                    peer, node(), channel.generation(), channel.first(), channel.messages(), channel.marker());
            links.put(peer, new LinkCut(peer, sent.generation(), sent.number(), held));
        });
        return new NodeCut(node(), book.life, List.of(), List.of(), new TreeMap<>(), links);
    }

    private long tokensOfOthers(View of) {
        return tokensOutside(book.tokensReceived, of) - tokensOutside(book.tokensSent, of);
    }

    private static long tokensOutside(Map<NodeId, Long> tokens, View of) {
        return tokens.entrySet().stream()
                .filter(entry -> !of.contains(entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    NodeId node() {
        return book.node;
    }
}
