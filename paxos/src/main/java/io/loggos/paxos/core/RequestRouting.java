package io.loggos.paxos.core;

import io.loggos.api.Ballot;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.process.Outbox;
import io.loggos.paxos.core.request.ReadIndex;
import io.loggos.paxos.core.request.Reads;
import io.loggos.paxos.core.request.Submissions;
import org.jspecify.annotations.Nullable;

/**
 * The way of requests to the leader.
 *
 * <p>Commands and reads of this node go to the next node on the way, which {@link Election#route} names. Those of a
 * neighbour without contact to the leader are passed on.
 */
final class RequestRouting {
    private final NodeId self;
    private final Election election;
    private final Proposer proposer;
    private final Submissions submissions;
    private final Reads reads;
    private final Reads readsByLease;
    private final ReadIndex readIndex;

    /** True if a link has begun anew since the last hand-over, so that requests may be lost. */
    private boolean linkReset;
    /** The ballot of the leader at the last hand-over. Reads that were sent to an earlier one are lost. */
    private Ballot lastLeader = Ballot.ZERO;

    RequestRouting(
            NodeId self,
            Election election,
            Proposer proposer,
            Submissions submissions,
            Reads reads,
            Reads readsByLease,
            ReadIndex readIndex) {
        this.self = self;
        this.election = election;
        this.proposer = proposer;
        this.submissions = submissions;
        this.reads = reads;
        this.readsByLease = readsByLease;
        this.readIndex = readIndex;
    }

    /** Notes that requests which were sent may be lost, because a link has begun anew. */
    void onLinkReset() {
        linkReset = true;
    }

    /**
     * Hands the commands and reads that wait here to the next node on the way, or to this node's proposer. Reads wait while
     * not all peers have met this node, or it is no member (RULES.md F-18).
     */
    void handOver(boolean isFormed, long now, Outbox<PaxosMessage, LogRecord> out) {
        submissions.handOver(election.route(), election.leader(), linkReset, now, out);
        if (isFormed) {
            boolean afresh = linkReset || !election.leader().equals(lastLeader);
            reads.ask(election.route(), readIndex, afresh, now, out);
            readsByLease.ask(election.route(), readIndex, afresh, now, out);
        }
        lastLeader = election.leader();
        linkReset = false;
    }

    /** Takes commands of another node: as their leader, or to pass them on. */
    void onForward(NodeId from, PaxosMessage.Forward forward, Outbox<PaxosMessage, LogRecord> out) {
        if (proposer.leads() && forward.ballot().equals(proposer.ballot())) {
            submissions.onForward(forward);
            return;
        }
        NodeId next = relay(from, forward.hops());
        if (next != null && forward.ballot().equals(election.leader())) {
            out.sendNow(next, forward.passedOn());
        }
    }

    /** Takes a read of another node: as the leader, or to ask the leader for it. */
    void onReadIndex(NodeId from, PaxosMessage.ReadIndex request, long now) {
        if (proposer.leads()) {
            readIndex.register(from, request.nonce(), request.byLease());
        } else {
            (request.byLease() ? readsByLease : reads).submitFor(from, request.nonce(), now);
        }
    }

    /** Takes the leader's answer to a read of this node. */
    void onReadIndexAnswer(PaxosMessage.ReadIndexAnswer answer, Outbox<PaxosMessage, LogRecord> out) {
        reads.onAnswer(answer.nonce(), answer.slot(), out);
        readsByLease.onAnswer(answer.nonce(), answer.slot(), out);
    }

    /** Takes an acceptor's confirmation of this leader's ballot. */
    void onConfirmed(NodeId from, PaxosMessage.Confirmed confirmed, long now, Outbox<PaxosMessage, LogRecord> out) {
        readIndex.onConfirmed(from, confirmed, now, out);
    }

    /** Returns the next node for a request that is meant for the leader. Null if the request ends here. */
    private @Nullable NodeId relay(NodeId from, int hops) {
        NodeId route = election.route();
        return hops <= 1 || route == null || route.equals(self) || route.equals(from) ? null : route;
    }
}
