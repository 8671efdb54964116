package io.loggos.paxos.core;

import io.loggos.api.Ballot;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.configuration.CurrentConfiguration;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.process.Outbox;

/** Reports to the peers: this replica's promise, the leader that it follows, and what it has learned. */
final class StatusReports {
    private final NodeId self;
    private final CurrentConfiguration configuration;
    private final Acceptor acceptor;
    private final Learner learner;
    private final Election election;

    private Ballot reportedPromise = Ballot.ZERO;
    private Ballot reportedLeader = Ballot.ZERO;
    private int reportedDistance;

    StatusReports(
            NodeId self, CurrentConfiguration configuration, Acceptor acceptor, Learner learner, Election election) {
        this.self = self;
        this.configuration = configuration;
        this.acceptor = acceptor;
        this.learner = learner;
        this.election = election;
    }

    /** Sends the status to one peer. */
    void sendTo(NodeId peer, Outbox<PaxosMessage, LogRecord> out) {
        out.sendNow(peer, status(false));
    }

    /** Sends the status to one peer, and asks for the peer's status and open messages. */
    void resyncWith(NodeId peer, Outbox<PaxosMessage, LogRecord> out) {
        out.sendNow(peer, status(true));
    }

    /** Sends the status to all peers, and asks for their statuses and open messages. */
    void resyncWithAll(Outbox<PaxosMessage, LogRecord> out) {
        configuration.sendToMembers(status(true), out);
    }

    /** Sends the status to all peers if its promise or its leader has changed. */
    void reportChange(Outbox<PaxosMessage, LogRecord> out) {
        if (!reportedPromise.equals(acceptor.promised())
                || !reportedLeader.equals(election.leader())
                || reportedDistance != election.distance()) {
            reportedPromise = acceptor.promised();
            reportedLeader = election.leader();
            reportedDistance = election.distance();
            configuration.sendToMembers(status(false), out);
        }
    }

    /** Asks the leader again for the accepts that were ignored here, once there is room for them. */
    void askForRefused(Outbox<PaxosMessage, LogRecord> out) {
        NodeId leader = election.route();
        if (leader != null && !leader.equals(self) && acceptor.hasRoomAgain(learner.through())) {
            resyncWith(leader, out);
        }
    }

    /** Tells all peers that this replica takes no part any more. */
    void reportRetirement(Outbox<PaxosMessage, LogRecord> out) {
        configuration.sendToMembers(
                new PaxosMessage.Status(
                        acceptor.promised(), Ballot.ZERO, PaxosMessage.Status.RETIRED, learner.through(), false),
                out);
    }

    private PaxosMessage.Status status(boolean resync) {
        return new PaxosMessage.Status(
                acceptor.promised(), election.leader(), election.distance(), learner.through(), resync);
    }
}
