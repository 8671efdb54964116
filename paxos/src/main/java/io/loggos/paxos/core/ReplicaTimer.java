package io.loggos.paxos.core;

import io.loggos.api.process.TimerId;

/** The timers of a replica. */
public enum ReplicaTimer implements TimerId {
    /** Looks again at what waits for somebody; set only while something does. */
    TICK,
    /** Tells the others what is chosen, if no accept has done so meanwhile. */
    ANNOUNCE,
    /** Proposes what has waited for company. */
    COMPANY
}
