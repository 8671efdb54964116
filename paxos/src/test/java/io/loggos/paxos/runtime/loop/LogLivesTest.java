package io.loggos.paxos.runtime.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.replica.ReplicaHaltedException;
import io.loggos.internal.loop.EventLoop;
import io.loggos.paxos.core.model.PaxosMessage;
import java.nio.file.Path;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ends of a life of a log that cross what another thread is about to say. */
class LogLivesTest {
    @TempDir
    private Path directory;

    private LoneLog log;

    @BeforeEach
    void open() {
        log = new LoneLog(directory);
    }

    /** The logs of a node, of which another thread halts one as soon as the loop has looked at all of them. */
    private static final class HaltedBehindTheLook extends AbstractCollection<LogProcess> {
        private final LogProcess process;

        HaltedBehindTheLook(LogProcess process) {
            this.process = process;
        }

        @Override
        public Iterator<LogProcess> iterator() {
            return new Iterator<>() {
                private boolean looked;

                @Override
                public boolean hasNext() {
                    if (looked) {
                        process.replica().halt(new ReplicaHaltedException("its disk is gone", null));
                    }
                    return !looked;
                }

                @Override
                public LogProcess next() {
                    looked = true;
                    return process;
                }
            };
        }

        @Override
        public int size() {
            return 1;
        }
    }

    /** RULES.md P-18, O-10: the hand-over of a log ends with its retirement, or the node would never be closed. */
    @Test
    void handOverOfALogThatHaltsMeanwhileEnds() {
        LogProcess process = log.open();
        log.lead(process);
        assertTrue(process.core().leads());
        List<String> done = new ArrayList<>();
        log.logs.beginTurn(log.time.nanos());
        log.logs.handOver(new HaltedBehindTheLook(process), LoneLog.ELECTION_NANOS, () -> done.add("done"));
        assertTrue(process.isRetired());
        assertEquals(List.of(), done);

        log.turn();
        assertEquals(List.of("done"), done);
    }

    /** RULES.md O-2, M-6: at most one fetch of a log is under way, so the next life waits for the end of its own. */
    @Test
    void missOfAFetchNeverReachesTheNextLife() {
        LogProcess first = log.open();
        lacksTruncatedSlots();
        assertEquals(1, log.requests.size());
        log.requests.get(0).accept(null);
        log.work();
        // The loop has not come to the miss when the log is closed, and opened again.
        List<EventLoop.Step> late = takeEvents();
        assertEquals(1, late.size());
        log.logs.remove(first.replica());
        log.turn();
        log.open();
        lacksTruncatedSlots();
        assertEquals(2, log.requests.size());

        late.forEach(log.events::submit);
        log.turn();
        log.pass(3 * LoneLog.ELECTION_NANOS);
        lacksTruncatedSlots();
        assertEquals(2, log.requests.size());

        log.requests.get(1).accept(null);
        log.turn();
        log.pass(3 * LoneLog.ELECTION_NANOS);
        lacksTruncatedSlots();
        assertEquals(3, log.requests.size());
        assertFalse(first.isOpen());
    }

    /** Takes the events that wait out of the queue of the loop. */
    private List<EventLoop.Step> takeEvents() {
        List<EventLoop.Step> taken = new ArrayList<>();
        for (EventLoop.Step step = log.events.poll(); step != null; step = log.events.poll()) {
            taken.add(step);
        }
        return taken;
    }

    /** A peer says that it has truncated the slots that this node asks it for. */
    private void lacksTruncatedSlots() {
        log.receive(LoneLog.PEER, new PaxosMessage.Learned(1, 40, 31, List.of()));
        log.turn();
        log.receive(LoneLog.PEER, new PaxosMessage.Learned(1, 40, 31, List.of()));
        log.turn();
    }
}
