package io.loggos.paxos.runtime.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.node.StorageOptions;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.Meters;
import io.loggos.internal.loop.EventLoop;
import io.loggos.multicast.core.Links;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.process.Outbox;
import io.loggos.paxos.runtime.members.Founders;
import io.loggos.storage.GroupCommit;
import io.loggos.storage.testkit.MemoryAcceptorLog;
import io.loggos.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The room of the disk, as the logs of a node see it through their outboxes (RULES.md O-6). */
class DiskRoomTest {
    private static final NodeId SELF = NodeId.of(1);
    private static final LogId LOG = LogId.ofName("orders");
    private static final StorageOptions OPTIONS =
            StorageOptions.builder().groupCommitBytes(64 << 10).build();

    private final MemoryAcceptorLog disk = new MemoryAcceptorLog(1);
    private final VirtualTime time = new VirtualTime();
    private final List<EventLoop.Step> delivered = new ArrayList<>();
    private final EventLoop loop = new EventLoop() {
        @Override
        public void submit(Step step) {
            delivered.add(step);
        }

        @Override
        public void deliver(Step step) {
            delivered.add(step);
        }

        @Override
        public void later(long atNanos, Step step) {
            delivered.add(step);
        }
    };
    private final WriteProgress progress = new WriteProgress(loop, new OpenLogs(Founders.of(disk, SELF), disk, loop));
    private final GroupCommit commit = new GroupCommit(disk, OPTIONS, Meters.NONE, time, progress, () -> {});
    private final Links links = new Links(
            "test",
            SELF,
            new TreeSet<>(),
            disk,
            TimingOptions.defaults(),
            TransportOptions.defaults(),
            1,
            new SplittableRandom(1),
            null,
            new LinkRouter(SELF, new NoDialer(), Meters.NONE));
    private final TurnOutbox outbox = new TurnOutbox(SELF, 1, links, commit, progress, (log, message) -> {});
    private final Outbox<PaxosMessage, LogRecord> out = outbox.of(LOG, () -> 1, (id, at) -> {});

    private static final class NoDialer implements LinkRouter.Dialer {
        @Override
        public void dial(NodeId peer) {}

        @Override
        public void refused(NodeId peer, String reason) {}
    }

    /** Writes of this turn count at once, and room that comes back is reported once, for all logs. */
    @Test
    void roomThatComesBackIsReportedOnce() {
        assertFalse(outbox.takeRoom());
        assertTrue(out.hasRoom());
        persist((int) GroupCommit.roomBytes(OPTIONS));
        assertFalse(out.hasRoom());
        assertFalse(outbox.takeRoom());
        outbox.submit(1);
        assertFalse(out.hasRoom());
        assertFalse(outbox.takeRoom());

        write();
        assertTrue(outbox.takeRoom());
        assertFalse(outbox.takeRoom());
        assertTrue(out.hasRoom());
    }

    /** Nobody has asked for room, so nobody waits for it. */
    @Test
    void roomThatNobodyMissedIsNotReported() {
        persist((int) GroupCommit.roomBytes(OPTIONS));
        outbox.submit(1);
        write();
        assertFalse(outbox.takeRoom());
    }

    @Test
    void ageOfTheOldestWriteIsKnown() {
        assertEquals(Long.MAX_VALUE, out.writingSinceNanos());
        persist(1);
        outbox.submit(5);
        persist(1);
        outbox.submit(9);
        outbox.submit(11);
        assertEquals(5, out.writingSinceNanos());
        write();
        assertEquals(Long.MAX_VALUE, out.writingSinceNanos());

        persist(1);
        outbox.submit(20);
        assertEquals(20, out.writingSinceNanos());
    }

    private void persist(int bytes) {
        out.persist(new LogRecord.Accepted(LOG, 1, new Ballot(1, 1), Bytes.wrap(new byte[bytes])));
    }

    private void write() {
        commit.doWork();
        delivered.forEach(step -> step.at(0));
        delivered.clear();
    }
}
