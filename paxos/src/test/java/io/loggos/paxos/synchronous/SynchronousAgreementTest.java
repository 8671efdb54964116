package io.loggos.paxos.synchronous;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.NodeClosedException;
import io.loggos.api.NodeId;
import io.loggos.api.OverloadedException;
import io.loggos.api.group.NotPrimaryException;
import io.loggos.paxos.synchronous.core.RoundMessage;
import io.loggos.paxos.synchronous.wire.RoundMessageCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs over a group in memory, in real time. */
class SynchronousAgreementTest {
    private static final Duration ROUND = Duration.ofMillis(500);
    private static final Duration LONG = Duration.ofHours(1);

    private final MemoryGroup group = new MemoryGroup();
    private final List<SynchronousAgreement> members = new ArrayList<>();

    @AfterEach
    void closeAll() {
        members.forEach(SynchronousAgreement::close);
    }

    @Test
    void allDecideOnTheLeastAndEachNumberIsARunOfItsOwn() throws Exception {
        join(3, 1, ROUND);
        List<CompletableFuture<Bytes>> decisions = new ArrayList<>();
        for (SynchronousAgreement member : members) {
            decisions.add(member.decide(1));
            decisions.add(member.decide(2));
        }

        for (int i = 0; i < decisions.size(); i += 2) {
            assertEquals("1 of 1", text(decisions.get(i)));
            assertEquals("1 of 2", text(decisions.get(i + 1)));
        }
    }

    @Test
    void oneThatAsksBeginsTheRunOfAll() throws Exception {
        join(3, 1, ROUND);

        assertEquals("1 of 5", text(members.get(2).decide(5)));
        assertEquals("1 of 5", text(members.get(1).decide(5)), "asked afterwards");
    }

    @Test
    void moreLossesThanFaultsEndTheRun() {
        join(3, 1, LONG);
        CompletableFuture<Bytes> decision = members.get(0).decide(1);
        group.lose(1, 2);
        group.lose(1, 3);

        assertEquals("run 1: 2 members were lost, not at most 1", lost(decision).getMessage());
    }

    @Test
    void evictionEndsTheRun() {
        join(2, 1, LONG);
        CompletableFuture<Bytes> decision = members.get(0).decide(1);
        group.tell(1, listener -> listener.onEvicted("too slow"));

        assertTrue(String.valueOf(lost(decision).getMessage()).endsWith("too slow"));
    }

    @Test
    void whoCannotSendDecidesNothing() {
        join(2, 1, LONG);
        group.leavePrimary();

        assertInstanceOf(
                NotPrimaryException.class, lost(members.get(0).decide(1)).getCause());
    }

    @Test
    void whoCannotProposeDecidesNothing() {
        IllegalStateException none = new IllegalStateException("no proposal");
        members.add(new SynchronousAgreement(
                "test",
                1,
                LONG,
                number -> {
                    throw none;
                },
                group::join));

        assertEquals(none, lost(members.get(0).decide(1)).getCause());
    }

    @Test
    void runThatIsUnderWayIsNotJoined() {
        join(1, 1, LONG);
        RoundMessage second = new RoundMessage(2, new TreeSet<>(List.of(Bytes.utf8("x"))));
        group.tell(1, listener -> listener.onMessage(NodeId.of(2), RoundMessageCodec.encode(9, second)));

        assertEquals(
                "run 9: it was under way when n2 spoke to this member first",
                lost(members.get(0).decide(9)).getMessage());
    }

    @Test
    void lateMessageEndsTheRun() throws Exception {
        join(1, 1, LONG);
        CompletableFuture<Bytes> decision = members.get(0).decide(1);
        RoundMessage third = new RoundMessage(3, new TreeSet<>(List.of(Bytes.utf8("x"))));
        group.tell(1, listener -> listener.onMessage(NodeId.of(2), RoundMessageCodec.encode(1, third)));

        assertEquals(
                "run 1: a message of round 3 came in round 1", lost(decision).getMessage());
    }

    @Test
    void whatIsNoMessageIsIgnored() throws Exception {
        join(1, 0, ROUND);
        CompletableFuture<Bytes> decision = members.get(0).decide(1);
        group.tell(1, listener -> listener.onMessage(NodeId.of(2), Bytes.utf8("hello")));

        assertEquals("1 of 1", text(decision));
    }

    @Test
    void runsAreBounded() {
        join(1, 0, LONG);
        List<CompletableFuture<Bytes>> running = new ArrayList<>();
        for (int number = 0; number < 1024; number++) {
            running.add(members.get(0).decide(number));
        }

        assertInstanceOf(OverloadedException.class, failure(members.get(0).decide(1024)));
        assertTrue(running.stream().noneMatch(CompletableFuture::isDone));
    }

    @Test
    void closingEndsWhatRunsAndRefusesWhatComes() {
        join(1, 1, LONG);
        CompletableFuture<Bytes> decision = members.get(0).decide(1);
        members.get(0).close();
        members.get(0).close();

        assertInstanceOf(NodeClosedException.class, failure(decision));
        assertInstanceOf(NodeClosedException.class, failure(members.get(0).decide(2)));
    }

    @Test
    void refusesRoundsOfNoLength() {
        assertThrows(IllegalArgumentException.class, () -> join(1, 1, Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> join(1, -1, ROUND));
    }

    /** Each member proposes its own number and that of the run. */
    private void join(int count, int faults, Duration round) {
        for (int i = 1; i <= count; i++) {
            String own = i + " of ";
            members.add(
                    new SynchronousAgreement("test", faults, round, number -> Bytes.utf8(own + number), group::join));
        }
    }

    private static String text(CompletableFuture<Bytes> decision) throws Exception {
        return decision.get(30, TimeUnit.SECONDS).toUtf8();
    }

    private static SynchronyLostException lost(CompletableFuture<Bytes> decision) {
        return assertInstanceOf(SynchronyLostException.class, failure(decision));
    }

    private static Throwable failure(CompletableFuture<Bytes> decision) {
        ExecutionException wrapped = assertThrows(ExecutionException.class, () -> decision.get(30, TimeUnit.SECONDS));
        return wrapped.getCause();
    }
}
