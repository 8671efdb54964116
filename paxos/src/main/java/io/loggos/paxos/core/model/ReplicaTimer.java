package io.loggos.paxos.core.model;

import io.loggos.paxos.core.process.TimerId;

/** The timers of a replica. */
public enum ReplicaTimer implements TimerId {
    /** Checks again all requests that wait for another node. Set only while there are any. */
    TICK,
    /** Tells the others what is chosen, if no accept has done so meanwhile. */
    ANNOUNCE,
    /** Proposes the batch whose delay has ended. */
    BATCH_DELAY
}
