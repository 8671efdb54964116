package io.loggos.paxos.core.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import io.loggos.multicast.Connectivity;
import io.loggos.paxos.core.Lone;
import io.loggos.paxos.core.MultiPaxos;
import io.loggos.paxos.core.NamedCaller;
import io.loggos.paxos.core.Recorder;
import io.loggos.paxos.core.configuration.CurrentConfiguration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Opening of a log: the facts of a life that begins (RULES.md O-1). */
class OpenedLogTest {
    private static final Ballot OLD = new Ballot(1, 2);
    private static final Ballot NEW = new Ballot(2, 3);
    private static final Bytes A = Lone.batch("a");

    private static final Connectivity ALL_CONNECTED = new Connectivity() {
        @Override
        public boolean connected(NodeId peer) {
            return true;
        }

        @Override
        public boolean connected(NodeId one, NodeId other) {
            return true;
        }
    };

    /** The log knows slots up to 2; slot 3 was accepted by a minority, and a checkpoint at 9 came from a peer. */
    private static final RecoveredLog BEHIND =
            new RecoveredLog(OLD, 2, 1, List.of(LogEntry.of(3, OLD, A), LogEntry.of(12, OLD, A)), null);

    @Test
    void checkpointInTheLogChangesNothing() {
        RecoveredLog recovered = new RecoveredLog(NEW, 9, 4, List.of(LogEntry.of(10, OLD, A)), null);
        assertEquals(
                new OpenedLog(NEW, 7, 9, 4, recovered.open(), null, List.of()),
                OpenedLog.of(Lone.LOG, recovered, 7, null));
    }

    @Test
    void logBeginsBehindANewerCheckpoint() {
        assertEquals(
                new OpenedLog(
                        OLD,
                        9,
                        9,
                        10,
                        List.of(LogEntry.of(12, OLD, A)),
                        null,
                        List.of(new LogRecord.TruncatedBelow(Lone.LOG, 10), new LogRecord.ChosenThrough(Lone.LOG, 9))),
                OpenedLog.of(Lone.LOG, BEHIND, 9, null));
    }

    /** A record that is dropped still bears witness of a promise. */
    @Test
    void promiseIsAtLeastTheHighestAcceptedBallot() {
        RecoveredLog recovered = new RecoveredLog(OLD, 2, 1, List.of(LogEntry.of(3, NEW, A)), null);
        assertEquals(NEW, OpenedLog.of(Lone.LOG, recovered, 9, null).promised());
    }

    /** Slot 3 holds a value that need not be the chosen one. */
    @Test
    void recordBelowTheCheckpointIsNotServed() {
        Lone lone = new Lone(5, BEHIND, 9);
        lone.receive(2, new PaxosMessage.Learn(3));
        assertEquals(List.of(), lone.out.logReads);
        assertEquals(
                List.of(new PaxosMessage.Learned(3, 9, 10, List.of())), lone.out.to(2, PaxosMessage.Learned.class));
    }

    @Test
    void recordBelowTheCheckpointIsNotPromised() {
        Lone lone = new Lone(5, BEHIND, 9);
        lone.receive(3, new PaxosMessage.Prepare(NEW, 1));
        assertEquals(
                List.of(new PaxosMessage.Promise(NEW, 9, 10, 0, true, List.of(LogEntry.of(12, OLD, A)))),
                lone.out.to(3, PaxosMessage.Promise.class));
    }

    /** The slots between the log and the checkpoint may be holes that no peer can fill any more. */
    @Test
    void holesBelowTheCheckpointAreNotRepaired() {
        Lone lone = new Lone(3, new RecoveredLog(OLD, 2, 1, List.of(), null), 9);
        lone.receive(2, new PaxosMessage.Learn(3));
        lone.core.onLogRead(NodeId.of(2), 3, List.of(), lone.out);
        lone.turn();
        assertFalse(lone.out.notes.contains(PaxosEvent.REPAIRS_SLOT));

        lone.receive(3, new PaxosMessage.Prepare(NEW, 1));
        assertEquals(1, lone.out.to(3, PaxosMessage.Promise.class).size());
    }

    /** Before its first writes are durable a replica sends nothing. It keeps requests, which still end in time. */
    @Test
    void nothingIsSentBeforeTheStart() {
        Recorder out = new Recorder();
        MultiPaxos core = new MultiPaxos(
                Lone.SELF,
                Lone.LOG,
                Lone.SESSION,
                new CurrentConfiguration(Lone.SELF, Lone.INCARNATION, Lone.voters(3)),
                Lone.LIMITS,
                OpenedLog.of(Lone.LOG, BEHIND, 9, null),
                List.of(),
                ALL_CONNECTED,
                new SplittableRandom(1),
                out);
        core.propose(Bytes.utf8("x"), false, new NamedCaller("a"), 0);
        core.onMessage(NodeId.of(3), new PaxosMessage.Prepare(NEW, 1), 0, out);
        core.onMessage(NodeId.of(2), new PaxosMessage.Learn(3), 0, out);
        core.endTurn(0, Lone.WALL_MILLIS, out);
        assertEquals(List.of(), out.sent);
        assertEquals(List.of(), out.writes);

        long late = Lone.LIMITS.requestNanos() + 1;
        core.onTimer(out.timers.keySet().iterator().next(), late, out);
        core.endTurn(late, Lone.WALL_MILLIS, out);
        assertEquals(List.of(new Recorder.Failed("a", Effects.Failure.UNAVAILABLE)), out.failed);
        assertEquals(List.of(), out.sent);

        core.retire(0, out);
        assertEquals(List.of(), out.sent);
    }
}
