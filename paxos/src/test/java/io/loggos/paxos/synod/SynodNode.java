package io.loggos.paxos.synod;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.AcceptorLog;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.process.Outbox;
import io.loggos.paxos.core.process.TimerId;
import io.loggos.paxos.synod.core.Synod;
import io.loggos.paxos.synod.core.SynodMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One node: a disk that stays, a life that ends in a crash, and turns whose writes are not synced yet. */
final class SynodNode {
    /** The effects of one event that wait for a write: one atomic write, and what leaves after it. */
    private record Turn(List<LogRecord> writes, List<SynodWorld.Letter> held) {}

    static final long RETRY_NANOS = 10;

    private final SynodWorld world;
    final NodeId id;
    private final AcceptorLog disk;
    private final Configuration configuration;
    private final RandomGenerator random;
    private final ArrayDeque<Turn> unsynced = new ArrayDeque<>();
    private @Nullable Synod synod;
    private @Nullable Bytes decided;
    private long timerAt = Long.MAX_VALUE;
    private Ballot ballot = Ballot.ZERO;
    private int written;

    SynodNode(SynodWorld world, NodeId id, Configuration configuration, AcceptorLog disk, RandomGenerator random) {
        this.world = world;
        this.id = id;
        this.configuration = configuration;
        this.disk = disk;
        this.random = random;
    }

    boolean isUp() {
        return synod != null;
    }

    @Nullable
    Bytes decided() {
        return decided;
    }

    long timerAt() {
        return timerAt;
    }

    boolean hasUnsynced() {
        return !unsynced.isEmpty();
    }

    /** Number of records that this node has asked to be written, in all its lives. */
    int written() {
        return written;
    }

    void start() {
        Synod life = new Synod(
                id, SynodWorld.LOG, configuration, disk.recover(SynodWorld.LOG), RETRY_NANOS, random, value -> {
                    decided = value;
                    world.judge().decides(id, value);
                });
        synod = life;
        turn(out -> life.start(world.now(), out));
    }

    void propose(String value) {
        Bytes bytes = Bytes.utf8(value);
        world.judge().proposes(bytes);
        turn(out -> life().propose(bytes, world.now(), out));
    }

    void take(NodeId from, SynodMessage message) {
        if (synod != null) {
            SynodMessage taken = world.flaw().taken(message, ballot);
            turn(out -> life().onMessage(from, taken, world.now(), out));
        }
    }

    void fireTimer() {
        timerAt = Long.MAX_VALUE;
        turn(out -> life().onTimer(Synod.Timer.RETRY, world.now(), out));
    }

    /** Syncs all that was written; what waited for it leaves. */
    void sync() {
        while (!unsynced.isEmpty()) {
            Turn turn = unsynced.removeFirst();
            write(turn);
            turn.held.forEach(world::post);
        }
    }

    /** The life ends. Of the turns that were not synced, the first so many are on disk; nothing of them leaves. */
    void crash(int kept) {
        for (int i = 0; i < kept && !unsynced.isEmpty(); i++) {
            write(unsynced.removeFirst());
        }
        unsynced.clear();
        synod = null;
        decided = null;
        timerAt = Long.MAX_VALUE;
        world.letters()
                .removeIf(letter -> letter.from().equals(id) && letter.to().equals(id));
    }

    private Synod life() {
        if (synod == null) {
            throw new IllegalStateException(id + " is down");
        }
        return synod;
    }

    private void write(Turn turn) {
        if (!turn.writes.isEmpty()) {
            disk.write(turn.writes);
            turn.writes.forEach(write -> world.judge().writes(id, write));
        }
    }

    private void turn(Consumer<Outbox<SynodMessage, LogRecord>> step) {
        Turn turn = new Turn(new ArrayList<>(), new ArrayList<>());
        step.accept(new Effects(turn));
        if (unsynced.isEmpty() && turn.writes.isEmpty()) {
            turn.held.forEach(world::post);
        } else {
            unsynced.add(turn);
        }
    }

    private final class Effects implements Outbox<SynodMessage, LogRecord> {
        private final Turn turn;

        Effects(Turn turn) {
            this.turn = turn;
        }

        @Override
        public void persist(LogRecord write) {
            written++;
            if (!world.flaw().loses(write)) {
                turn.writes.add(write);
            }
        }

        @Override
        public void sendNow(NodeId to, SynodMessage message) {
            if (to.equals(id)) {
                throw new IllegalArgumentException("sends to itself without a write: " + message);
            }
            world.post(new SynodWorld.Letter(id, to, message));
        }

        @Override
        public void sendDurable(NodeId to, SynodMessage message) {
            if (message instanceof SynodMessage.Prepare prepare) {
                ballot = prepare.ballot();
            }
            SynodWorld.Letter letter = new SynodWorld.Letter(id, to, message);
            if (world.flaw() == Flaw.ANSWERS_BEFORE_SYNC) {
                world.post(letter);
            } else {
                turn.held.add(letter);
            }
        }

        @Override
        public void timer(TimerId timer, long atNanos) {
            timerAt = atNanos;
        }
    }
}
