package io.loggos.paxos.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.NodeId;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.core.model.PaxosMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The nodes that count for a quorum, and the news of peers that no honest peer has. */
class ElectionTest {
    private static final PaxosMessage.Status RETIREMENT =
            new PaxosMessage.Status(Ballot.ZERO, Ballot.ZERO, PaxosMessage.Status.RETIRED, 0, false);

    private final Lone lone = new Lone(3);

    private void passElectionTimeouts(int count) {
        for (int i = 0; i < 10 * count; i++) {
            lone.tick(Lone.LIMITS.heartbeatNanos());
        }
    }

    /** A connected node whose replica has halted is no part of a quorum. */
    @Test
    void haltedReplicasAreNotCampaignedFor() {
        lone.receive(2, RETIREMENT);
        lone.receive(3, RETIREMENT);
        passElectionTimeouts(50);
        assertEquals(List.of(), lone.out.all(PaxosMessage.Prepare.class));

        lone.takesPart(3);
        lone.campaign();
    }

    /** A replica that is not open, or has halted before its link began anew, sends no status. */
    @Test
    void silentReplicasAreCampaignedForOnlyForAWhile() {
        lone.core.onIncomingReset(NodeId.of(2), lone.now());
        lone.core.onIncomingReset(NodeId.of(3), lone.now());
        passElectionTimeouts(50);
        long candidacies =
                lone.out.notes.stream().filter(PaxosEvent.CAMPAIGNS::equals).count();
        assertTrue(candidacies <= 1, () -> candidacies + " candidacies");
    }

    @Test
    void leaderWithoutAQuorumOfReplicasStepsDown() {
        lone.leadAndChoose();
        lone.receive(2, RETIREMENT);
        assertEquals(Proposer.Phase.LEADING, lone.core.progress().phase());

        lone.receive(3, RETIREMENT);
        assertEquals(Proposer.Phase.IDLE, lone.core.progress().phase());
    }

    /** RULES.md B-6: a slot that is absurdly high is not believed. */
    @Test
    void absurdSlotIsIgnored() {
        Ballot ballot = new Ballot(1, 2);
        lone.receive(2, new PaxosMessage.Status(ballot, Ballot.ZERO, 0, Long.MAX_VALUE, false));
        lone.receive(2, new PaxosMessage.Chosen(ballot, 1L << 50));
        lone.receive(2, new PaxosMessage.Learned(1, 1L << 50, 1, List.of()));
        assertEquals(0, lone.core.progress().knownChosenSlot());
        assertEquals(
                3,
                lone.out.notes.stream()
                        .filter(PaxosEvent.IMPLAUSIBLE_SLOT::equals)
                        .count());
    }

    /** A promise with such a slot would make the leader propose there, behind a hole without end. */
    @Test
    void promiseWithAnAbsurdSlotIsIgnored() {
        Ballot own = lone.campaign();
        lone.sync();
        lone.receive(2, new PaxosMessage.Promise(own, 1L << 50, 1, 0, true, List.of()));
        assertEquals(Proposer.Phase.PREPARING, lone.core.progress().phase());

        lone.receive(3, Lone.promise(own));
        assertEquals(Proposer.Phase.LEADING, lone.core.progress().phase());
    }
}
