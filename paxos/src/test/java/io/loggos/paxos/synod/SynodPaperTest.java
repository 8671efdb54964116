package io.loggos.paxos.synod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.paxos.synod.core.SynodMessage.Accept;
import io.loggos.paxos.synod.core.SynodMessage.Accepted;
import io.loggos.paxos.synod.core.SynodMessage.Chosen;
import io.loggos.paxos.synod.core.SynodMessage.Learn;
import io.loggos.paxos.synod.core.SynodMessage.Prepare;
import io.loggos.paxos.synod.core.SynodMessage.Promise;
import io.loggos.paxos.synod.core.SynodMessage.Refused;
import io.loggos.storage.testkit.MemoryAcceptorLog;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The claims of <i>Paxos Made Simple</i>, section 2, in its order. */
class SynodPaperTest {
    private static final Ballot B1 = new Ballot(1, 1);
    private static final Ballot B2 = new Ballot(1, 2);
    private static final Bytes X = Bytes.utf8("x");

    private final SynodWorld world = SynodWorld.of(3);

    /** 2.2, P1: an acceptor must accept the first proposal that it receives. */
    @Test
    void firstProposalIsAccepted() {
        world.inject(1, 2, new Accept(B1, X));
        world.node(2).sync();

        assertEquals(List.of(new Accepted(B1)), world.onTheWay(Accepted.class, 2, 1));
    }

    /** 2.2, P1a: it accepts unless it has answered a prepare of a higher number, and says that it has. */
    @Test
    void nothingBelowThePromiseIsAccepted() {
        world.inject(2, 3, new Prepare(B2));
        world.node(3).sync();
        int written = world.node(3).written();
        world.inject(1, 3, new Accept(B1, X));

        assertEquals(written, world.node(3).written());
        assertEquals(List.of(new Refused(B1, B2)), world.onTheWay(Refused.class, 3, 1));
    }

    /** 2.2, P1a: the promise itself may be used, and a higher number may too. */
    @Test
    void whatIsAtOrAboveThePromiseIsAccepted() {
        world.inject(1, 3, new Prepare(B1));
        world.inject(1, 3, new Accept(B1, X));
        world.inject(2, 3, new Accept(B2, X));
        world.node(3).sync();

        assertEquals(List.of(new Accepted(B1)), world.onTheWay(Accepted.class, 3, 1));
        assertEquals(List.of(new Accepted(B2)), world.onTheWay(Accepted.class, 3, 2));
    }

    /** 2.2, phase 1b: a prepare below the promise is refused. */
    @Test
    void lowerPrepareIsRefused() {
        world.inject(2, 3, new Prepare(B2));
        world.inject(1, 3, new Prepare(B1));

        assertEquals(List.of(new Refused(B1, B2)), world.onTheWay(Refused.class, 3, 1));
    }

    /** 2.2, phase 1b: the promise carries the proposal of the highest number that was accepted. */
    @Test
    void promiseCarriesWhatIsAccepted() {
        world.inject(1, 3, new Accept(B1, X));
        world.inject(2, 3, new Prepare(B2));
        world.node(3).sync();

        assertEquals(List.of(new Promise(B2, B1, X)), world.onTheWay(Promise.class, 3, 2));
    }

    /** 2.2, P2: a quorum that accepts decides, and everyone is told. */
    @Test
    void quorumDecides() {
        world.node(1).propose("a");
        world.phaseOne(1, 1, 2);
        world.phaseTwo(1, 1, 2);
        world.pass(Chosen.class, 1, 2);
        world.pass(Chosen.class, 1, 3);

        world.nodes().forEach(node -> assertEquals(Bytes.utf8("a"), node.decided()));
    }

    /** 2.2: a majority, and not one acceptor twice. */
    @Test
    void oneAcceptorIsNoQuorumHoweverOftenItAnswers() {
        world.node(1).propose("a");
        world.phaseOne(1, 1);
        world.inject(1, 1, new Promise(B1, Ballot.ZERO, Bytes.EMPTY));

        assertEquals(List.of(), world.onTheWay(Accept.class, 1, 2));
    }

    /** 2.2, P2b: once a value is chosen, every higher proposal has it, whichever quorum is asked. */
    @Test
    void chosenValueIsFoundByEveryQuorum() {
        for (int other : new int[] {2, 3}) {
            SynodWorld run = SynodWorld.of(3);
            run.node(1).propose("a");
            run.phaseOne(1, 1, 2);
            run.phaseTwo(1, 1, 2);
            run.letters().clear();
            run.node(1).crash(0);
            run.node(3).propose("c");
            run.node(3).sync();
            run.phaseOne(3, 3, 2);

            assertEquals(
                    List.of(Bytes.utf8("a")),
                    run.onTheWay(Accept.class, 3, other == 2 ? 2 : 1).stream()
                            .map(Accept::value)
                            .toList());
        }
    }

    /** 2.2, P2c (a): free to choose when no acceptor of the quorum has accepted anything. */
    @Test
    void proposerIsFreeWhenNothingIsAccepted() {
        world.node(3).propose("c");
        world.phaseOne(3, 3, 1);

        assertEquals(List.of(new Accept(new Ballot(1, 3), Bytes.utf8("c"))), world.onTheWay(Accept.class, 3, 1));
    }

    /** 2.2, P2c (b): the value of the highest number, be it the last to come or not. */
    @Test
    void valueOfTheHighestNumberIsProposed() {
        for (boolean highestFirst : new boolean[] {true, false}) {
            SynodWorld run = SynodWorld.of(5);
            run.node(5).propose("e");
            run.node(5).sync();
            Ballot own = new Ballot(1, 5);
            Promise low = new Promise(own, B1, Bytes.utf8("low"));
            Promise high = new Promise(own, B2, Bytes.utf8("high"));
            run.judge().proposes(low.value());
            run.pass(Promise.class, 5, 5);
            run.inject(highestFirst ? 2 : 1, 5, highestFirst ? high : low);
            run.inject(highestFirst ? 1 : 2, 5, highestFirst ? low : high);

            assertEquals(List.of(new Accept(own, high.value())), run.onTheWay(Accept.class, 5, 1));
        }
    }

    /** 2.2: a proposal that only a minority has accepted may be found or not; both are allowed. */
    @Test
    void valueOfAMinorityBindsWhoFindsItOnly() {
        world.node(1).propose("a");
        world.phaseOne(1, 1, 2);
        world.node(1).sync();
        world.letters().clear();
        world.node(3).propose("c");
        world.phaseOne(3, 3, 2);
        world.phaseTwo(3, 3, 2);

        assertEquals(Bytes.utf8("c"), world.node(3).decided());
    }

    /** 2.2: votes count for the number they were given in, or values of two numbers could make one quorum. */
    @Test
    void votesOfALowerNumberDoNotCount() {
        world.node(1).propose("a");
        world.phaseOne(1, 1, 2);
        world.node(1).sync();
        world.pass(Accepted.class, 1, 1);
        world.inject(2, 1, new Accepted(new Ballot(1, 3)));

        assertNull(world.node(1).decided());
    }

    /** 2.2, at the end: who is told of a higher number abandons its own, and begins again above it. */
    @Test
    void outbidProposerAbandonsItsBallot() {
        world.node(1).propose("a");
        world.node(1).sync();
        world.inject(2, 1, new Refused(B1, new Ballot(7, 2)));
        world.inject(2, 1, new Promise(B1, Ballot.ZERO, Bytes.EMPTY));
        assertEquals(List.of(), world.onTheWay(Accept.class, 1, 2));

        world.letters().clear();
        world.node(1).fireTimer();
        world.node(1).sync();
        assertEquals(List.of(new Prepare(new Ballot(8, 1))), world.onTheWay(Prepare.class, 1, 2));
    }

    /** 2.3: who missed the news asks, and anybody who knows tells. */
    @Test
    void missedDecisionIsAskedFor() {
        world.node(1).propose("a");
        world.phaseOne(1, 1, 2);
        world.phaseTwo(1, 1, 2);
        world.letters().clear();
        world.node(3).fireTimer();
        world.pass(Learn.class, 3, 1);
        world.pass(Chosen.class, 1, 3);

        assertEquals(Bytes.utf8("a"), world.node(3).decided());
    }

    /** 2.3: if nobody is left who learned it, a new proposal finds it. */
    @Test
    void decisionThatEverybodyForgotIsFoundByProposing() {
        world.node(1).propose("a");
        world.settle(50);
        world.nodes().forEach(node -> node.crash(0));
        world.letters().clear();
        world.nodes().forEach(SynodNode::start);
        world.node(2).propose("b");
        world.settle(50);

        assertEquals(Bytes.utf8("a"), world.node(2).decided());
    }

    /** 2.4: two proposers can outbid each other for ever, and nothing is chosen. */
    @Test
    void duelCanGoOnForEver() {
        world.node(1).propose("a");
        world.phaseOne(1, 1, 3);
        world.node(2).propose("b");
        for (int round = 1; round <= 20; round++) {
            world.phaseOne(2, 2, 3);
            world.pass(Accept.class, 1, 3);
            world.pass(Refused.class, 3, 1);
            world.node(1).fireTimer();
            world.phaseOne(1, 1, 3);
            world.pass(Accept.class, 2, 3);
            world.pass(Refused.class, 3, 2);
            world.node(2).fireTimer();
        }

        assertNull(world.judge().chosen());
    }

    /** 2.4: random waits end it. */
    @Test
    void randomWaitsEndTheDuel() {
        for (long seed = 1; seed <= 300; seed++) {
            SynodWorld run = new SynodWorld(5, Flaw.NONE, seed, id -> new MemoryAcceptorLog(id.value()));
            for (int node = 1; node <= run.size(); node++) {
                run.node(node).propose("of " + node);
            }
            int ticks = run.settle(1000);
            assertTrue(ticks < 1000, "seed " + seed);
        }
    }

    /** 2.5: a proposer remembers the numbers it has used: no prepare leaves before its own promise is durable. */
    @Test
    void prepareWaitsForTheOwnPromise() {
        world.node(1).propose("a");
        assertEquals(List.of(), world.letters());

        world.node(1).sync();
        assertEquals(List.of(new Prepare(B1)), world.onTheWay(Prepare.class, 1, 2));
    }

    /** An accept need not wait for the write of its proposer, but the proposer's vote does. */
    @Test
    void ownVoteCountsOnlyOnceDurable() {
        world.node(1).propose("a");
        world.phaseOne(1, 1);
        world.pass(Prepare.class, 1, 2);
        world.inject(2, 1, new Promise(B1, Ballot.ZERO, Bytes.EMPTY));
        assertEquals(1, world.onTheWay(Accept.class, 1, 2).size());
        assertEquals(List.of(), world.onTheWay(Accepted.class, 1, 1));

        world.pass(Accept.class, 1, 2);
        world.pass(Accepted.class, 2, 1);
        assertNull(world.node(1).decided());
        world.pass(Accepted.class, 1, 1);
        assertEquals(Bytes.utf8("a"), world.node(1).decided());
    }

    /** A message that no honest peer sends stops the process: the paper does not speak of such a run. */
    @Test
    void twoValuesInOneBallotStopTheProcess() {
        world.inject(1, 2, new Accept(B1, X));

        assertThrows(IllegalStateException.class, () -> world.inject(1, 2, new Accept(B1, Bytes.utf8("y"))));
    }
}
