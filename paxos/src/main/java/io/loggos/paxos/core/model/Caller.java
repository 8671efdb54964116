package io.loggos.paxos.core.model;

/** A caller on this node that waits for the answer to its request. It is answered once. */
public interface Caller {
    /** Completes the request with a failure. Any thread. */
    void fail(RuntimeException cause);
}
