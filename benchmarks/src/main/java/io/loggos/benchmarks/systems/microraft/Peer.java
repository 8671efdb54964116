package io.loggos.benchmarks.systems.microraft;

import io.microraft.RaftEndpoint;

/** What MicroRaft calls an endpoint: one of the replicas, by number, from zero. */
record Peer(int number) implements RaftEndpoint {
    @Override
    public Object getId() {
        return number;
    }
}
