package io.loggos.benchmarks.systems.microraft;

import io.microraft.RaftEndpoint;

/** Endpoint of MicroRaft: a replica, by its number from zero. */
record Peer(int number) implements RaftEndpoint {
    @Override
    public Object getId() {
        return number;
    }
}
