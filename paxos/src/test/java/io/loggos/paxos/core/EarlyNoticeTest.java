package io.loggos.paxos.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.api.Ballot;
import io.loggos.api.NodeId;
import io.loggos.paxos.core.model.PaxosMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A view of the nodes that are up may end the wait for a leader early. It has no other effect. */
class EarlyNoticeTest {
    private static final Ballot LEADER = new Ballot(5, 2);
    private static final List<NodeId> WITHOUT_LEADER = List.of(NodeId.of(1), NodeId.of(3));
    private static final long ELECTION = Lone.LIMITS.electionNanos();

    private final Lone lone = new Lone(3);

    private void view(List<NodeId> members) {
        lone.core.onView(members, lone.now());
        lone.turn();
    }

    /** Follows a leader for much longer than an election timeout. */
    private void settle() {
        lone.follow(LEADER);
        lone.tick(3 * ELECTION);
        assertEquals(LEADER, lone.core.progress().leader());
    }

    /** Reports that the leader leads no more. This node waits for it to come back. */
    private void lose() {
        lone.receive(2, new PaxosMessage.Status(LEADER, Ballot.ZERO, 0, 0, false));
        assertEquals(Proposer.Phase.IDLE, lone.core.progress().phase());
    }

    @Test
    void whomTheViewLeavesOutIsNotWaitedFor() {
        settle();
        lose();
        view(WITHOUT_LEADER);

        assertEquals(Proposer.Phase.PREPARING, lone.core.progress().phase());
    }

    @Test
    void whoIsLessSeniorWaitsLonger() {
        settle();
        lose();
        view(List.of(NodeId.of(3), NodeId.of(1)));

        assertEquals(Proposer.Phase.IDLE, lone.core.progress().phase());
        lone.tick(Lone.LIMITS.heartbeatNanos());
        assertEquals(Proposer.Phase.PREPARING, lone.core.progress().phase());
    }

    @Test
    void aViewWithTheLeaderEndsNoWait() {
        settle();
        lose();
        view(List.of(NodeId.of(1), NodeId.of(2)));

        assertEquals(Proposer.Phase.IDLE, lone.core.progress().phase());
    }

    @Test
    void aLeaderThatIsHeardIsFollowedWhateverTheViewSays() {
        settle();
        view(WITHOUT_LEADER);
        lone.tick(ELECTION);

        assertEquals(LEADER, lone.core.progress().leader());
        assertEquals(Proposer.Phase.IDLE, lone.core.progress().phase());
    }
}
