package io.loggos.paxos.runtime.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.api.node.StorageOptions;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.Meters;
import io.loggos.internal.loop.EventLoop;
import io.loggos.multicast.core.Links;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.runtime.members.Founders;
import io.loggos.storage.GroupCommit;
import io.loggos.storage.testkit.MemoryAcceptorLog;
import io.loggos.testkit.VirtualTime;
import io.loggos.testkit.network.MemoryRoster;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The messages that wait for writes, and the end of logs. The test is the loop, and turns the group commit. */
class TurnOutboxTest {
    private static final NodeId SELF = NodeId.of(1);
    private static final LogId ONE = LogId.ofName("one");
    private static final LogId OTHER = LogId.ofName("other");
    private static final Ballot BALLOT = new Ballot(1, 1);
    private static final PaxosMessage VOTE = new PaxosMessage.Accepted(BALLOT, 1);

    /** Runs each step at once. */
    private static final class Steps implements EventLoop {
        @Override
        public void submit(Step step) {
            step.at(0);
        }

        @Override
        public void deliver(Step step) {
            step.at(0);
        }

        @Override
        public void later(long atNanos, Step step) {
            throw new UnsupportedOperationException();
        }
    }

    /** Nothing comes from the links here. */
    private static final class Silence implements Links.Listener {
        @Override
        public void connect(NodeId peer) {}

        @Override
        public void onMessage(NodeId from, long number, Bytes message) {}

        @Override
        public void onOutgoingReset(NodeId peer) {}

        @Override
        public void onIncomingReset(NodeId peer) {}

        @Override
        public void onConnectivityChanged() {}

        @Override
        public void onPeerRefused(NodeId peer, String reason) {}

        @Override
        public void onFormed() {}
    }

    private final List<LogId> released = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();
    private final MemoryAcceptorLog disk = new MemoryAcceptorLog(1);
    private final Steps loop = new Steps();
    private final WriteProgress progress = new WriteProgress(loop, new OpenLogs(Founders.of(disk, SELF), disk, loop));
    private final GroupCommit commit =
            new GroupCommit(disk, StorageOptions.defaults(), Meters.NONE, new VirtualTime(), progress, () -> {});
    private final Links links = new Links(
            "test",
            SELF,
            new TreeSet<>(),
            new MemoryRoster(1),
            TimingOptions.defaults(),
            TransportOptions.defaults(),
            1,
            new SplittableRandom(1),
            null,
            new Silence());
    private final TurnOutbox outbox =
            new TurnOutbox(SELF, 1, links, commit, progress, (log, message) -> released.add(log));
    private final TurnOutbox.LogOutbox one = outbox.of(ONE, () -> 1, (id, at) -> {});
    private final TurnOutbox.LogOutbox other = outbox.of(OTHER, () -> 1, (id, at) -> {});

    private static LogRecord accepted(LogId log) {
        return new LogRecord.Accepted(log, 1, BALLOT, Bytes.utf8("a"));
    }

    @Test
    void voteWaitsForItsWrite() {
        one.persist(accepted(ONE));
        one.sendDurable(SELF, VOTE);
        outbox.submit(0);
        assertEquals(0, outbox.release());
        assertTrue(outbox.isWriting());

        commit.doWork();
        assertEquals(1, outbox.release());
        assertEquals(List.of(ONE), released);
        assertFalse(outbox.isWriting());
    }

    /** RULES.md B-9: a later message makes an earlier one useless, which waits for the disk. Other logs do not notice. */
    @Test
    void uselessMessagesAreRetracted() {
        one.persist(accepted(ONE));
        one.sendDurable(SELF, VOTE);
        other.sendDurable(SELF, VOTE);
        assertEquals(2, outbox.waiting());
        one.retract((to, message) -> to.equals(SELF) && message.equals(VOTE));
        assertEquals(1, outbox.waiting());
        outbox.submit(0);
        commit.doWork();
        outbox.release();
        assertEquals(List.of(OTHER), released);
    }

    /** RULES.md O-2: the writes of a closed log go on, and its messages never leave. Other logs do not notice. */
    @Test
    void messagesOfAClosedLogAreDiscarded() {
        one.persist(accepted(ONE));
        one.sendDurable(SELF, VOTE);
        other.persist(accepted(OTHER));
        other.sendDurable(SELF, VOTE);
        one.close();
        one.persist(new LogRecord.Promised(ONE, BALLOT));
        one.sendDurable(SELF, VOTE);
        one.sendNow(NodeId.of(2), VOTE);
        outbox.submit(0);
        commit.doWork();
        outbox.release();

        assertEquals(List.of(OTHER), released);
        assertTrue(disk.durableEntry(ONE, 1).isPresent());
        assertEquals(Ballot.ZERO, disk.durablePromise(ONE));
    }

    /** RULES.md O-2: the end of a log comes behind all that it has written, in this turn too. */
    @Test
    void endWaitsForTheLastWrite() {
        outbox.afterEnd(() -> ended.add("idle"));
        assertEquals(List.of("idle"), ended);

        one.persist(accepted(ONE));
        outbox.submit(0);
        one.persist(new LogRecord.Promised(ONE, BALLOT));
        outbox.afterEnd(() -> ended.add("written"));
        commit.doWork();
        outbox.release();
        assertEquals(List.of("idle"), ended);

        outbox.submit(0);
        commit.doWork();
        outbox.release();
        assertEquals(List.of("idle", "written"), ended);
    }

    /** RULES.md O-2, F-10: a write that failed has ended, and nothing that waits for it ever leaves. */
    @Test
    void failureIsAnEnd() {
        disk.failNextWrite(new StorageException(StorageException.Kind.IO, "simulated"));
        one.persist(accepted(ONE));
        one.sendDurable(SELF, VOTE);
        outbox.submit(0);
        outbox.afterEnd(() -> ended.add("failed"));
        commit.doWork();
        outbox.release();

        assertEquals(List.of("failed"), ended);
        assertEquals(List.of(), released);
        assertFalse(outbox.isWriting());
        outbox.afterEnd(() -> ended.add("later"));
        assertEquals(List.of("failed", "later"), ended);
    }
}
