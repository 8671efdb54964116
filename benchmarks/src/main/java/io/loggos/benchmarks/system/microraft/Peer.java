package io.loggos.benchmarks.system.microraft;

import io.microraft.RaftEndpoint;

/** What MicroRaft calls an endpoint: one of the replicas, by number, from zero. */
record Peer(int number) implements RaftEndpoint {
    @Override
    public Object getId() {
        return number;
    }
}
