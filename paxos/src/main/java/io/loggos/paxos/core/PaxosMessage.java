package io.loggos.paxos.core;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.process.Outbox;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import java.util.List;

/** What the replicas of one log say to each other. The message table in the README says when. */
public sealed interface PaxosMessage {
    /** Calls the handler's method for this type. */
    void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler);

    /** One method for each type of message. */
    interface Handler {
        void onStatus(NodeId from, Status status, long now, Outbox<PaxosMessage, LogRecord> out);

        void onPrepare(NodeId from, Prepare prepare, long now, Outbox<PaxosMessage, LogRecord> out);

        void onPromise(NodeId from, Promise promise, long now, Outbox<PaxosMessage, LogRecord> out);

        void onAccept(NodeId from, Accept accept, long now, Outbox<PaxosMessage, LogRecord> out);

        void onAccepted(NodeId from, Accepted accepted, long now, Outbox<PaxosMessage, LogRecord> out);

        void onRefused(NodeId from, Refused refused, long now, Outbox<PaxosMessage, LogRecord> out);

        void onChosen(NodeId from, Chosen chosen, long now, Outbox<PaxosMessage, LogRecord> out);

        void onLearn(NodeId from, Learn learn, long now, Outbox<PaxosMessage, LogRecord> out);

        void onLearned(NodeId from, Learned learned, long now, Outbox<PaxosMessage, LogRecord> out);

        void onForward(NodeId from, Forward forward, long now, Outbox<PaxosMessage, LogRecord> out);

        void onReadIndex(NodeId from, ReadIndex readIndex, long now, Outbox<PaxosMessage, LogRecord> out);

        void onReadIndexAnswer(NodeId from, ReadIndexAnswer answer, long now, Outbox<PaxosMessage, LogRecord> out);

        void onConfirm(NodeId from, Confirm confirm, long now, Outbox<PaxosMessage, LogRecord> out);

        void onConfirmed(NodeId from, Confirmed confirmed, long now, Outbox<PaxosMessage, LogRecord> out);
    }

    /**
     * Gossip to all: said when it changes and when a link begins anew.
     *
     * @param leader the ballot of the leader that the sender follows, or zero; its own while it leads
     * @param distance how many links the sender is away from that leader
     * @param resync the receiver shall say again what is open between the two, since answers may be lost
     */
    record Status(Ballot promised, Ballot leader, int distance, long chosenThrough, boolean resync)
            implements PaxosMessage {
        /** Whether the sender leads, or has contact with a leader that has contact with a quorum. */
        boolean isContent() {
            return !leader.isZero() && distance <= 1;
        }

        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onStatus(from, this, now, out);
        }
    }

    /** Phase 1a, for all slots from one on. */
    record Prepare(Ballot ballot, long fromSlot) implements PaxosMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onPrepare(from, this, now, out);
        }
    }

    /**
     * Phase 1b, in parts; it counts once the last has come.
     *
     * @param chosenThrough the acceptor knows the chosen values of all slots up to here; the proposer need not
     *     propose there, and the acceptor does not list them
     * @param truncatedBelow the acceptor's log begins here
     * @param part from 0
     * @param accepted what it has accepted above {@code chosenThrough}; a faulty entry is neither empty nor
     *     accepted
     */
    record Promise(
            Ballot ballot, long chosenThrough, long truncatedBelow, int part, boolean last, List<LogEntry> accepted)
            implements PaxosMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onPromise(from, this, now, out);
        }
    }

    /**
     * Phase 2a.
     *
     * @param chosenThrough phase 3 of earlier slots, as in {@link Chosen}
     */
    record Accept(Ballot ballot, long slot, long chosenThrough, Bytes batch) implements PaxosMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onAccept(from, this, now, out);
        }

        @Override
        public String toString() {
            return "Accept[" + ballot + " slot=" + slot + " chosen=" + chosenThrough + " " + batch.size() + " B]";
        }
    }

    /** Phase 2b. */
    record Accepted(Ballot ballot, long slot) implements PaxosMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onAccepted(from, this, now, out);
        }
    }

    /** The acceptor has promised a higher ballot than the one that was asked for. */
    record Refused(Ballot ballot, Ballot promised) implements PaxosMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onRefused(from, this, now, out);
        }
    }

    /** Phase 3: all slots up to one are chosen, and where the leader of this ballot proposed, with its value. */
    record Chosen(Ballot ballot, long through) implements PaxosMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onChosen(from, this, now, out);
        }
    }

    /** Asks for chosen values from a slot on. */
    record Learn(long fromSlot) implements PaxosMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onLearn(from, this, now, out);
        }
    }

    /**
     * Chosen values, without a gap from the slot that was asked for; none if there are none, or if the log
     * begins later.
     *
     * @param chosenThrough what the sender knows
     * @param truncatedBelow where the sender's log begins; before that, only a checkpoint helps
     */
    record Learned(long fromSlot, long chosenThrough, long truncatedBelow, List<LogEntry> entries)
            implements PaxosMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onLearned(from, this, now, out);
        }
    }

    /**
     * Commands for the leader of a ballot, and of no other.
     *
     * @param session who proposes: one life of one replica
     * @param lowest all commands of the session below this sequence are settled
     * @param hops how often it may still be passed on
     * @param commands as in a {@link Batch}, all of this session
     */
    record Forward(Ballot ballot, long session, long lowest, int hops, int count, Bytes commands)
            implements PaxosMessage {
        /** The same, on its way to somebody who is nearer to the leader. */
        Forward passedOn() {
            return new Forward(ballot, session, lowest, hops - 1, count, commands);
        }

        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onForward(from, this, now, out);
        }
    }

    /**
     * Asks the leader, or whoever is nearer to it, up to where a linearizable read must see.
     *
     * @param nonce never used twice by one sender in one life
     */
    record ReadIndex(long nonce) implements PaxosMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onReadIndex(from, this, now, out);
        }
    }

    /** The answer: up to this slot. */
    record ReadIndexAnswer(long nonce, long slot) implements PaxosMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onReadIndexAnswer(from, this, now, out);
        }
    }

    /** The leader asks whether its ballot still stands. */
    record Confirm(Ballot ballot, long round) implements PaxosMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onConfirm(from, this, now, out);
        }
    }

    /** It does: the acceptor has promised nothing higher. */
    record Confirmed(Ballot ballot, long round) implements PaxosMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onConfirmed(from, this, now, out);
        }
    }
}
