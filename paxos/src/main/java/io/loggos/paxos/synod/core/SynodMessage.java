package io.loggos.paxos.synod.core;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.process.Outbox;

/** The messages between the nodes of a synod. Each may be lost, repeated or late. */
public sealed interface SynodMessage {
    /** Calls the handler's method for this type. */
    void dispatch(NodeId from, long now, Outbox<SynodMessage, LogRecord> out, Handler handler);

    /** One method for each type of message. */
    interface Handler {
        void onPrepare(NodeId from, Prepare prepare, long now, Outbox<SynodMessage, LogRecord> out);

        void onPromise(NodeId from, Promise promise, long now, Outbox<SynodMessage, LogRecord> out);

        void onAccept(NodeId from, Accept accept, long now, Outbox<SynodMessage, LogRecord> out);

        void onAccepted(NodeId from, Accepted accepted, long now, Outbox<SynodMessage, LogRecord> out);

        void onRefused(NodeId from, Refused refused, long now, Outbox<SynodMessage, LogRecord> out);

        void onChosen(NodeId from, Chosen chosen, long now, Outbox<SynodMessage, LogRecord> out);

        void onLearn(NodeId from, Learn learn, long now, Outbox<SynodMessage, LogRecord> out);
    }

    /** Phase 1a: asks for a promise to accept nothing below this ballot. */
    record Prepare(Ballot ballot) implements SynodMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<SynodMessage, LogRecord> out, Handler handler) {
            handler.onPrepare(from, this, now, out);
        }
    }

    /**
     * Phase 1b: the promise, with the proposal of the highest ballot that the acceptor has accepted.
     *
     * @param ballot the promised ballot
     * @param accepted the ballot of that proposal, or zero if the acceptor has accepted nothing
     * @param value the value of that proposal, or empty
     */
    record Promise(Ballot ballot, Ballot accepted, Bytes value) implements SynodMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<SynodMessage, LogRecord> out, Handler handler) {
            handler.onPromise(from, this, now, out);
        }
    }

    /** Phase 2a: the proposal, a ballot and its value. */
    record Accept(Ballot ballot, Bytes value) implements SynodMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<SynodMessage, LogRecord> out, Handler handler) {
            handler.onAccept(from, this, now, out);
        }
    }

    /** Phase 2b: the vote. */
    record Accepted(Ballot ballot) implements SynodMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<SynodMessage, LogRecord> out, Handler handler) {
            handler.onAccepted(from, this, now, out);
        }
    }

    /** The refusal of 1a or 2a: a higher ballot was promised, so the proposer may give up this one. */
    record Refused(Ballot ballot, Ballot promised) implements SynodMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<SynodMessage, LogRecord> out, Handler handler) {
            handler.onRefused(from, this, now, out);
        }
    }

    /** Phase 3: the decision. */
    record Chosen(Bytes value) implements SynodMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<SynodMessage, LogRecord> out, Handler handler) {
            handler.onChosen(from, this, now, out);
        }
    }

    /** Asks for the decision. */
    record Learn() implements SynodMessage {
        @Override
        public void dispatch(NodeId from, long now, Outbox<SynodMessage, LogRecord> out, Handler handler) {
            handler.onLearn(from, this, now, out);
        }
    }
}
