package io.loggos.multicast.core;

import io.loggos.api.NodeId;
import io.loggos.api.spi.Transport.Connection;
import io.loggos.internal.codec.MalformedException;
import io.loggos.multicast.Invariants;
import io.loggos.multicast.wire.Frame.Ack;
import io.loggos.multicast.wire.Frame.Data;
import io.loggos.multicast.wire.Frame.Hello;
import io.loggos.multicast.wire.Frame.Refused;
import io.loggos.multicast.wire.Frame.Welcome;
import io.loggos.multicast.wire.FrameCodec;
import io.loggos.multicast.wire.Refusal;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Receiving end of the link from one peer. */
final class IncomingLink {
    private static final int REMEMBERED_LIVES = 8;
    private static final int SILENT_HEARTBEATS = 3;
    private static final int ACKS_PER_WINDOW = 8;

    /**
     * Silence after which the acceptor gives up a connection, in election timeouts.
     *
     * <p>It waits longer than the dialler, which sees a silent connection after one timeout. A large frame on a slow
     * line is silence to its receiver.
     */
    private static final int SILENT_TIMEOUTS = 4;

    private record EndedLife(long life, long generation) {}

    private final NodeId peer;
    private final LinkSettings settings;
    private final Links.Listener listener;

    /** Connection that the peer's frames are taken from, if there is one. */
    private @Nullable Connection connection;
    /** Time of the last frame on it. */
    private long lastHeardNanos;
    /** True if the peer was ever welcomed; until then the next four fields are undefined. */
    private boolean met;
    /** Life of the peer's process. */
    private long life;
    /** Writes that the peer has told to be synced, of which the roster knows. */
    private long noted;
    /** Number of the peer's connection; an older one does not replace it while it is heard. */
    private long attempt;
    /** Highest generation of this life of which data has come, 0 if none. */
    private long generation;
    /** Messages 1 … received of the generation were delivered, each once and in order. */
    private long received;
    /** True if more of the generation may be delivered; false if another life came in between. */
    private boolean resumable = true;
    /** Lives that others have replaced, oldest first, at most REMEMBERED_LIVES; never the present one. */
    private final ArrayDeque<EndedLife> ended = new ArrayDeque<>();
    /** Bytes received since the last acknowledgement, counted as in the sender's buffer. */
    private long unacknowledgedBytes;
    /** True while the sender gets no credit, because this node cannot take more. */
    private boolean withheld;
    /** Messages 1 … acknowledged of the generation were acknowledged, at most received. */
    private long acknowledged;
    /** Bytes received and not credited to the sender. Duplicates do not count, and later generations go on with it. */
    private long uncreditedBytes;
    /** True if data on this connection was passed over, because it was beyond the credit. */
    private boolean passesOver;
    /** True if the sender waits for an acknowledgement, or soon will. */
    private boolean ackDue;

    IncomingLink(NodeId peer, LinkSettings settings, Links.Listener listener) {
        this.peer = peer;
        this.settings = settings;
        this.listener = listener;
    }

    boolean uses(Connection c) {
        return connection == c;
    }

    boolean up() {
        return connection != null;
    }

    long generation() {
        return generation;
    }

    long received() {
        return received;
    }

    /**
     * Welcomes a connection whose Hello passed the handshake, or returns why not.
     *
     * <p>Numbers of lives and connections decide only against a connection that is there and was heard lately. So a
     * number, however high, keeps nobody out for longer than its connection lasts.
     *
     * @param proving adds the proof to the Welcome
     */
    @Nullable
    Refused hello(Hello hello, UnaryOperator<Welcome> proving, Connection c, long now) {
        boolean heardLately =
                connection != null && now - lastHeardNanos <= SILENT_HEARTBEATS * settings.heartbeatNanos();
        if (heardLately && hello.life() != life) {
            return new Refused(
                    Refusal.LIFE_IN_USE,
                    settings.self() + " is connected to life " + Long.toHexString(life) + " of " + peer
                            + ", this is life " + Long.toHexString(hello.life()));
        }
        if (heardLately && hello.attempt() <= attempt) {
            return new Refused(
                    Refusal.STALE_CONNECTION,
                    settings.self() + " has connection " + attempt + " of this life of " + peer
                            + ", this is connection " + hello.attempt());
        }
        c.admit();
        turnTo(hello.life());
        attempt = hello.attempt();
        drop("replaced by connection " + attempt);
        connection = c;
        lastHeardNanos = now;
        ackDue = false;
        passesOver = false;
        Welcome welcome = new Welcome(
                FrameCodec.MOST_VERSION,
                settings.self(),
                settings.roster().incarnation(),
                settings.life(),
                generation,
                acknowledge(),
                resumable,
                settings.roster().markOf(peer));
        c.send(List.of(FrameCodec.encode(proving.apply(welcome))));
        return null;
    }

    /** Delivers the messages that are new; returns what is wrong with the frame, or null. */
    @Nullable
    String data(Data data) {
        note(data.syncedWrites());
        LinkRules rules = settings.rules();
        passesOver |= withheld && uncreditedBytes >= creditBytes();
        if (passesOver || rules.isStale(data.generation(), generation, resumable)) {
            return null;
        }
        if (data.generation() > generation) {
            if (!rules.isPlausible(data.generation(), generation)) {
                return "generation " + data.generation() + " after " + generation;
            }
            if (rules.isGap(data.first(), 0)) {
                return "generation " + data.generation() + " begins at message " + data.first();
            }
            generation = data.generation();
            received = 0;
            acknowledged = 0;
            resumable = true;
            listener.onIncomingReset(peer);
        }
        if (rules.isGap(data.first(), received)) {
            return "message " + data.first() + " follows on " + received;
        }
        for (int i = 0; i < data.messages().size(); i++) {
            long number = data.first() + i;
            int bytes = MessageBuffer.OVERHEAD_BYTES + data.messages().get(i).size();
            unacknowledgedBytes += bytes;
            if (!rules.isDuplicate(number, received)) {
                uncreditedBytes += bytes;
                received = number;
                try {
                    listener.onMessage(peer, number, data.messages().get(i));
                } catch (MalformedException e) {
                    // The message is lost to the protocols, so what follows is of another generation.
                    resumable = false;
                    return "message " + number + ": " + e.getMessage();
                }
            }
        }
        ackDue |= unacknowledgedBytes >= settings.options().windowBytes() / ACKS_PER_WINDOW;
        return null;
    }

    /** Answers a heartbeat with an acknowledgement, so that the peer sees its connection live. */
    void heartbeat(long syncedWrites) {
        note(syncedWrites);
        ackDue = true;
    }

    /** Remembers how many writes of the peer's store are synced (RULES.md O-4). */
    private void note(long syncedWrites) {
        if (syncedWrites > noted) {
            noted = syncedWrites;
            settings.roster().note(peer, life, noted);
        }
    }

    void heard(long now) {
        lastHeardNanos = now;
    }

    /**
     * Acknowledges what has come, if it is a good part of the window; the next heartbeat acknowledges the rest.
     *
     * <p>Only a sender whose window is full waits for an acknowledgement.
     */
    void flush() {
        Connection c = connection;
        if (ackDue && c != null) {
            ackDue = false;
            unacknowledgedBytes = 0;
            c.send(List.of(
                    FrameCodec.encode(new Ack(generation, settings.rules().acknowledges(acknowledge())))));
        }
    }

    /**
     * Gives the sender no credit for what comes from now on, or credit again.
     *
     * <p>Without credit an acknowledgement repeats the last one. A sender that goes on nevertheless has begun a new
     * generation. Its data is passed over, and it sends that again over a new connection once there is credit.
     */
    void withhold(boolean now) {
        if (withheld && !now) {
            ackDue |= uncreditedBytes >= settings.options().windowBytes() / ACKS_PER_WINDOW;
            if (passesOver) {
                passesOver = false;
                drop(settings.self() + " had no room, and has room again");
            }
        }
        withheld = now;
    }

    /** Acknowledges all messages, unless credit is withheld. Returns the last that is acknowledged. */
    private long acknowledge() {
        if (!withheld) {
            acknowledged = received;
            uncreditedBytes = 0;
        }
        return acknowledged;
    }

    /** Bytes after which a sender without credit has sent all that its window permits. */
    private long creditBytes() {
        return (long) settings.options().windowBytes() + settings.options().maxFrameBytes();
    }

    /** Closes a connection that has been silent for too long; returns whether it did. */
    boolean tick(long now) {
        if (connection == null || now < silentAtNanos()) {
            return false;
        }
        drop(settings.self() + " has heard nothing for " + (now - lastHeardNanos) / 1_000_000 + " ms");
        return true;
    }

    long nextTickNanos() {
        return connection == null ? Long.MAX_VALUE : silentAtNanos();
    }

    /** Ends the connection with a refusal; returns whether there was one. */
    boolean refuse(Refused refused) {
        Connection c = connection;
        if (c != null) {
            c.send(List.of(FrameCodec.encode(refused)));
            drop(refused.text());
        }
        return c != null;
    }

    /** Forgets the connection, which has ended. */
    void closed() {
        connection = null;
    }

    /** Ends the connection, if there is one. */
    void drop(String reason) {
        Connection c = connection;
        connection = null;
        if (c != null) {
            c.close(reason);
        }
    }

    void checkInvariants() {
        Invariants.check(received >= 0 && (generation > 0 || received == 0), "received without a generation");
        Invariants.check(acknowledged <= received, "acknowledged more than was received");
        Invariants.check(ended.size() <= REMEMBERED_LIVES, "too many ended lives");
        Invariants.check(met || connection == null, "connected to nobody");
        Invariants.check(ended.stream().noneMatch(e -> e.life() == life), "the present life has ended");
    }

    private long silentAtNanos() {
        return lastHeardNanos + SILENT_TIMEOUTS * settings.electionNanos();
    }

    /** Makes a life the present one. A life that was present before must begin a new generation. */
    private void turnTo(long next) {
        if (met && next == life) {
            return;
        }
        if (met) {
            ended.addLast(new EndedLife(life, generation));
        }
        met = true;
        life = next;
        noted = 0;
        generation = 0;
        received = 0;
        acknowledged = 0;
        resumable = true;
        for (EndedLife one : ended) {
            if (one.life() == next) {
                generation = one.generation();
                resumable = false;
            }
        }
        ended.removeIf(one -> one.life() == next);
        if (ended.size() > REMEMBERED_LIVES) {
            ended.removeFirst();
        }
    }
}
