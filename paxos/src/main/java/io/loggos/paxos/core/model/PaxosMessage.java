package io.loggos.paxos.core.model;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.internal.codec.MalformedException;
import io.loggos.paxos.core.process.Outbox;
import java.util.List;

/** The messages between the replicas of one log. The message table in the README says when each is sent. */
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

        void onDigests(NodeId from, Digests digests, long now, Outbox<PaxosMessage, LogRecord> out);

        void onInvite(NodeId from, Invite invite, long now, Outbox<PaxosMessage, LogRecord> out);

        void onRelease(NodeId from, Release release, long now, Outbox<PaxosMessage, LogRecord> out);

        void onSkip(NodeId from, Skip skip, Outbox<PaxosMessage, LogRecord> out);
    }

    /**
     * Status for all peers, sent when it changes and when a link begins anew.
     *
     * @param promised the sender's promise
     * @param leader the ballot of the leader that the sender follows, or zero; its own while it leads
     * @param distance the number of links between the sender and that leader; or {@link #RETIRED}
     * @param chosenThrough the last slot up to which the sender has learned all slots
     * @param resync true if the receiver shall send its open messages again, because answers may be lost
     */
    record Status(Ballot promised, Ballot leader, int distance, long chosenThrough, boolean resync)
            implements PaxosMessage {
        /** The distance in the last status of a replica that takes no part any more. */
        public static final int RETIRED = -1;

        /** True if the sender takes no part any more. */
        public boolean isRetired() {
            return distance == RETIRED;
        }

        /** True if the sender leads, or has contact with a leader that has contact with a quorum. */
        public boolean isContent() {
            return !leader.isZero() && distance <= 1;
        }

        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onStatus(from, this, now, out);
        }
    }

    /** Phase 1a, for all slots from {@code fromSlot} on. */
    record Prepare(Ballot ballot, long fromSlot) implements PaxosMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onPrepare(from, this, now, out);
        }
    }

    /**
     * Phase 1b, in parts. The promise counts once the last part has come.
     *
     * @param chosenThrough the last slot up to which the acceptor knows all chosen values. The proposer need not
     *     propose there, and the acceptor does not list these slots
     * @param truncatedBelow the first slot that the acceptor's log still holds
     * @param part the number of this part, from 0
     * @param last true for the last part
     * @param accepted the entries accepted above {@code chosenThrough}; a faulty entry is neither empty nor accepted
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

    /**
     * Refusal: the acceptor has promised a higher ballot than the one in the request.
     *
     * @param ballot the ballot of the request
     * @param promised the acceptor's promise
     */
    record Refused(Ballot ballot, Ballot promised) implements PaxosMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onRefused(from, this, now, out);
        }
    }

    /**
     * Phase 3: all slots up to {@code through} are chosen.
     *
     * <p>The slots that the leader proposed in {@code ballot} are chosen with the values of that ballot.
     */
    record Chosen(Ballot ballot, long through) implements PaxosMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onChosen(from, this, now, out);
        }
    }

    /** A request for chosen values, from a slot on. */
    record Learn(long fromSlot) implements PaxosMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onLearn(from, this, now, out);
        }
    }

    /**
     * Chosen values, without a gap from the requested slot on.
     *
     * <p>Empty if the sender has none, or if its log begins at a later slot. An empty answer whose {@code chosenThrough}
     * reaches the requested slot, and whose log begins at or before it, says that the sender has no value for that slot.
     *
     * @param fromSlot the requested slot
     * @param chosenThrough the last slot up to which the sender has learned all slots
     * @param truncatedBelow the first slot that the sender's log still holds; earlier slots need a checkpoint
     * @param entries the values
     */
    record Learned(long fromSlot, long chosenThrough, long truncatedBelow, List<LogEntry> entries)
            implements PaxosMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onLearned(from, this, now, out);
        }
    }

    /**
     * Commands for the leader of a ballot. A leader of another ballot must not take them.
     *
     * @param ballot the ballot of the leader
     * @param session the proposer: one life of one replica
     * @param lowest the lowest sequence of the session that may be unsettled
     * @param hops the number of times that the message may still be passed on
     * @param count the number of commands
     * @param commands the commands as in a {@link Batch}, all of this session
     */
    record Forward(Ballot ballot, long session, long lowest, int hops, int count, Bytes commands)
            implements PaxosMessage {
        /** Returns the same message for the next node on the way to the leader. */
        public Forward passedOn() {
            return new Forward(ballot, session, lowest, hops - 1, count, commands);
        }

        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onForward(from, this, now, out);
        }
    }

    /**
     * A request for the slot up to which a linearizable read must see, sent towards the leader.
     *
     * @param nonce never used twice by one sender in one life
     * @param byLease true if the leader may answer from its lease
     */
    record ReadIndex(long nonce, boolean byLease) implements PaxosMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onReadIndex(from, this, now, out);
        }
    }

    /** The answer to a {@link ReadIndex}: the read must see all slots up to this one. */
    record ReadIndexAnswer(long nonce, long slot) implements PaxosMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onReadIndexAnswer(from, this, now, out);
        }
    }

    /**
     * The leader's question whether its ballot still stands.
     *
     * @param grantNanos the time from the receipt for which the acceptor is asked to keep out of phase 1 of other nodes; 0
     *     if the leader asks for no grant
     */
    record Confirm(Ballot ballot, long round, long grantNanos) implements PaxosMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onConfirm(from, this, now, out);
        }
    }

    /**
     * The confirmation that the acceptor has promised no higher ballot.
     *
     * @param granted true if the acceptor has given what was asked
     */
    record Confirmed(Ballot ballot, long round, boolean granted) implements PaxosMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onConfirmed(from, this, now, out);
        }
    }

    /** Digests of the sender's answers and state, behind slots that it has applied. */
    record Digests(List<DigestMark> marks) implements PaxosMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onDigests(from, this, now, out);
        }
    }

    /**
     * The leader's invitation to take its place: to begin phase 1 once everything up to a slot is learned.
     *
     * @param ballot the ballot of the leader
     * @param through the last slot of the leader, up to which all are chosen, as in {@link Chosen}
     */
    record Invite(Ballot ballot, long through) implements PaxosMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onInvite(from, this, now, out);
        }
    }

    /**
     * The end of the grants to a leader that has given its lease up.
     *
     * @param ballot the ballot of the leader
     * @param round the last round whose grants end
     */
    record Release(Ballot ballot, long round) implements PaxosMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onRelease(from, this, now, out);
        }
    }

    /** A step of the agreement to skip a slot (RULES.md B-11). */
    record Skip(long slot, Step step) implements PaxosMessage {
        /** A step, by a code on the disk and on the wire. */
        public enum Step {
            /** An operator asks for the slot to be skipped. */
            ASKED(1),
            /** The sender has not applied the slot, and holds it back from now on. */
            AGREED(2),
            /** The sender has applied the slot. */
            APPLIED(3),
            /** The slot is not skipped: who holds it back goes on with it. */
            WITHDRAWN(4),
            /** All replicas skip the slot. */
            DECIDED(5);

            private final int code;

            Step(int code) {
                this.code = code;
            }

            public int code() {
                return code;
            }

            /**
             * Returns the step with this code.
             *
             * @throws MalformedException if there is none
             */
            public static Step ofCode(int code) {
                for (Step step : values()) {
                    if (step.code == code) {
                        return step;
                    }
                }
                throw new MalformedException("a skip in step " + code);
            }
        }

        @Override
        public void dispatch(NodeId from, long now, Outbox<PaxosMessage, LogRecord> out, Handler handler) {
            handler.onSkip(from, this, out);
        }
    }
}
