package io.loggos.paxos.runtime.members;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.node.JoinOptions;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.spi.Transport;
import io.loggos.internal.codec.MalformedException;
import io.loggos.internal.loop.EventLoop;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node that is to join: it asks the peers that it was told of, in turn, until it is a member. */
public final class Newcomer {
    private static final Logger LOGGER = LoggerFactory.getLogger(Newcomer.class);
    private static final long LONGEST_PAUSE_NANOS = 2_000_000_000;

    private final NodeOptions options;
    private final long incarnation;
    private final Transport transport;
    private final EventLoop loop;
    private final ClusterMembers members;
    private final List<NodeId> asked;
    private int next;
    private long pauseNanos;
    private String lastRefusal = "";

    public Newcomer(
            NodeOptions options, long incarnation, Transport transport, EventLoop loop, ClusterMembers members) {
        this.options = options;
        this.incarnation = incarnation;
        this.transport = transport;
        this.loop = loop;
        this.members = members;
        this.asked = List.copyOf(options.peers().keySet());
        this.pauseNanos = options.timing().heartbeatInterval().toNanos();
    }

    /** Begins to ask. */
    public void start() {
        ask();
    }

    private void ask() {
        JoinOptions join = options.join();
        boolean learner = join != null && join.learner();
        int replaces = join == null ? 0 : join.replaces().map(NodeId::value).orElse(0);
        JoinRequest request =
                new JoinRequest(options.id(), incarnation, transport.listening().toString(), learner, replaces);
        NodeId peer = asked.get(next++ % asked.size());
        transport.requestAsStranger(peer, request.toBytes(), answer -> loop.submit(at -> onAnswer(peer, answer, at)));
    }

    private void onAnswer(NodeId peer, @Nullable Bytes bytes, long at) {
        if (members.get().present().number() != 0) {
            return;
        }
        JoinRequest.Answer answer = null;
        try {
            answer = bytes == null ? null : JoinRequest.Answer.of(bytes);
        } catch (MalformedException e) {
            LOGGER.debug("{} gives an answer that cannot be read", peer, e);
        }
        if (answer != null && answer.membership() != null) {
            members.join(answer.membership(), at);
            return;
        }
        if (answer != null && !answer.refusal().isEmpty() && !answer.refusal().equals(lastRefusal)) {
            lastRefusal = answer.refusal();
            LOGGER.warn("node {} cannot join: {} says: {}", options.id().value(), peer, lastRefusal);
        }
        pauseNanos = answer == null
                ? Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS)
                : options.timing().heartbeatInterval().toNanos();
        loop.later(at + pauseNanos, later -> ask());
    }
}
