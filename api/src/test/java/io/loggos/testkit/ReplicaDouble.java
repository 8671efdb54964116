package io.loggos.testkit;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.RequestId;
import io.loggos.api.Slot;
import io.loggos.api.replica.ReadResult;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.Result;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A stand-in for a replica, without what a key-value store on it never calls. */
public abstract class ReplicaDouble implements Replica {
    @Override
    public CompletableFuture<Result<Bytes>> propose(Bytes command, RequestId id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> CompletableFuture<ReadResult<T>> read(Slot atLeast, Supplier<T> query) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Optional<Result<Bytes>>> outcome(RequestId id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<NodeId> awaitLeader(Duration timeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> transferLeadership(NodeId target) {
        throw new UnsupportedOperationException();
    }
}
