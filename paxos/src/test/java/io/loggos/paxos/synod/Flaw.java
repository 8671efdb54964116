package io.loggos.paxos.synod;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.synod.core.SynodMessage;

/** Flaws that an implementation can have, done to the right one from outside; the judge must notice each. */
enum Flaw {
    NONE,
    /** An acceptor's promise is in memory only; with it, the ballots that the proposer has used. */
    PROMISE_NOT_WRITTEN,
    ACCEPTED_NOT_WRITTEN,
    /** Promises and votes, also one's own, leave before what they say is on disk. */
    ANSWERS_BEFORE_SYNC,
    /** The proposer always proposes its own value. */
    IGNORES_ACCEPTED_VALUES,
    /** The proposer takes promises and votes for another ballot as ones for its own. */
    COUNTS_OTHER_BALLOTS;

    boolean loses(LogRecord write) {
        return (this == PROMISE_NOT_WRITTEN && write instanceof LogRecord.Promised)
                || (this == ACCEPTED_NOT_WRITTEN && write instanceof LogRecord.Accepted);
    }

    /** Returns the message as a receiver takes it that last used {@code ownBallot}. */
    SynodMessage taken(SynodMessage message, Ballot ownBallot) {
        if (this == IGNORES_ACCEPTED_VALUES && message instanceof SynodMessage.Promise promise) {
            return new SynodMessage.Promise(promise.ballot(), Ballot.ZERO, Bytes.EMPTY);
        }
        if (this == COUNTS_OTHER_BALLOTS && message instanceof SynodMessage.Promise promise) {
            return new SynodMessage.Promise(ownBallot, promise.accepted(), promise.value());
        }
        if (this == COUNTS_OTHER_BALLOTS && message instanceof SynodMessage.Accepted) {
            return new SynodMessage.Accepted(ownBallot);
        }
        return message;
    }
}
