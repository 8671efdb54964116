package io.loggos.multicast.wire;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.WriteMark;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Unit of transmission on a connection. The dialler sends Hello, Data and Heartbeat; the acceptor sends Challenge,
 * Welcome and Ack; both may refuse.
 */
public sealed interface Frame {
    /** Calls the handler's method for this frame; returns what it returns. */
    <C> @Nullable String dispatch(C context, Handler<C> handler);

    /**
     * The acceptor's first frame if its cluster has a secret: the dialler must prove that it knows the secret.
     *
     * @param nonce random bytes that the acceptor has never used
     */
    record Challenge(Bytes nonce) implements Frame {
        @Override
        public <C> @Nullable String dispatch(C context, Handler<C> handler) {
            return handler.onChallenge(context, this);
        }
    }

    /**
     * The dialler's first frame.
     *
     * @param life a random number of the dialler's process
     * @param attempt counts the connections that this process has dialled to this peer, from 1
     * @param told the last mark that the acceptor told the dialler, over all lives of both
     * @param nonce random bytes that the dialler has never used; empty if it knows no secret
     * @param proof proves the rest of the frame and the acceptor's nonce; empty if the dialler knows no secret
     */
    record Hello(
            int leastVersion,
            int mostVersion,
            String clusterId,
            NodeId from,
            NodeId to,
            long incarnation,
            long life,
            long attempt,
            WriteMark told,
            Bytes nonce,
            Bytes proof)
            implements Frame {
        /** The Hello of a node that knows no secret. */
        public Hello(
                int leastVersion,
                int mostVersion,
                String clusterId,
                NodeId from,
                NodeId to,
                long incarnation,
                long life,
                long attempt,
                WriteMark told) {
            this(
                    leastVersion,
                    mostVersion,
                    clusterId,
                    from,
                    to,
                    incarnation,
                    life,
                    attempt,
                    told,
                    Bytes.EMPTY,
                    Bytes.EMPTY);
        }

        /** Returns this Hello with another nonce and proof. */
        public Hello with(Bytes otherNonce, Bytes otherProof) {
            return new Hello(
                    leastVersion,
                    mostVersion,
                    clusterId,
                    from,
                    to,
                    incarnation,
                    life,
                    attempt,
                    told,
                    otherNonce,
                    otherProof);
        }

        @Override
        public <C> @Nullable String dispatch(C context, Handler<C> handler) {
            return handler.onHello(context, this);
        }
    }

    /**
     * The acceptor's answer to a Hello that it accepts.
     *
     * @param life a random number of the acceptor's process
     * @param generation the highest generation of the dialler's life of which the acceptor has had data, or 0
     * @param received how many messages of that generation it has received
     * @param resumable whether that generation may go on
     * @param told the last mark that the dialler told the acceptor, over all lives of both
     * @param proof proves the rest of the frame, the Hello and both nonces; empty if the acceptor knows no secret
     */
    record Welcome(
            int version,
            NodeId from,
            long incarnation,
            long life,
            long generation,
            long received,
            boolean resumable,
            WriteMark told,
            Bytes proof)
            implements Frame {
        /** The Welcome of a node that knows no secret. */
        public Welcome(
                int version,
                NodeId from,
                long incarnation,
                long life,
                long generation,
                long received,
                boolean resumable,
                WriteMark told) {
            this(version, from, incarnation, life, generation, received, resumable, told, Bytes.EMPTY);
        }

        /** Returns this Welcome with another proof. */
        public Welcome with(Bytes otherProof) {
            return new Welcome(version, from, incarnation, life, generation, received, resumable, told, otherProof);
        }

        @Override
        public <C> @Nullable String dispatch(C context, Handler<C> handler) {
            return handler.onWelcome(context, this);
        }
    }

    /**
     * Last frame of an end that refuses the other.
     *
     * <p>An end that has proved itself is told what was expected and what came. Any other is told {@link #UNTOLD}.
     */
    record Refused(Refusal code, String text) implements Frame {
        /** The one refusal that a stranger is told, whatever is wrong. */
        public static final Refused UNTOLD =
                new Refused(Refusal.UNTOLD, "refused; the log of the node that refuses says why");

        private static final Refused FENCED = new Refused(
                Refusal.AMNESIA_DETECTED,
                Refusal.AMNESIA_DETECTED + ": one of the two nodes is fenced, and its status and log say why");

        /** Returns what an end is told of this refusal that has not proved who it is. */
        public Refused forStrangers() {
            return code == Refusal.AMNESIA_DETECTED ? FENCED : UNTOLD;
        }

        @Override
        public <C> @Nullable String dispatch(C context, Handler<C> handler) {
            return handler.onRefused(context, this);
        }
    }

    /**
     * Messages {@code first}, {@code first + 1}, … of a generation; no message if the frame only announces the
     * generation.
     *
     * <p>The messages are slices of the frame that was received.
     *
     * @param syncedWrites the number of writes that are synced at the sender, over all its lives. Those that a message
     *     of the frame speaks of are among them
     */
    record Data(long generation, long first, long syncedWrites, List<Bytes> messages) implements Frame {
        @Override
        public <C> @Nullable String dispatch(C context, Handler<C> handler) {
            return handler.onData(context, this);
        }
    }

    /** Acknowledges that messages 1 to {@code received} of a generation have been received. */
    record Ack(long generation, long received) implements Frame {
        @Override
        public <C> @Nullable String dispatch(C context, Handler<C> handler) {
            return handler.onAck(context, this);
        }
    }

    /**
     * Sign of life of the sender.
     *
     * @param hears the nodes that the sender has lately heard
     * @param contacts those of them with which it has two-way contact
     * @param syncedWrites the number of writes that are synced at the sender, over all its lives
     */
    record Heartbeat(SortedSet<NodeId> hears, SortedSet<NodeId> contacts, long syncedWrites) implements Frame {
        public Heartbeat {
            hears = Collections.unmodifiableSortedSet(new TreeSet<>(hears));
            contacts = Collections.unmodifiableSortedSet(new TreeSet<>(contacts));
        }

        @Override
        public <C> @Nullable String dispatch(C context, Handler<C> handler) {
            return handler.onHeartbeat(context, this);
        }
    }

    /**
     * Handles frames of every kind.
     *
     * <p>Each method returns null, or what is wrong with such a frame at this point. An error ends the connection.
     *
     * @param <C> where a frame came from
     */
    interface Handler<C> {
        @Nullable
        String onChallenge(C context, Challenge challenge);

        @Nullable
        String onHello(C context, Hello hello);

        @Nullable
        String onWelcome(C context, Welcome welcome);

        @Nullable
        String onRefused(C context, Refused refused);

        @Nullable
        String onData(C context, Data data);

        @Nullable
        String onAck(C context, Ack ack);

        @Nullable
        String onHeartbeat(C context, Heartbeat heartbeat);
    }
}
