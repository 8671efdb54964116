package io.loggos.paxos.runtime;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Something that a caller has asked for, on its way to the loop, and the future of the answer; completed once. */
abstract class Asked<T> extends CompletableFuture<T> implements Inbox.Event {
    final LocalReplica replica;
    private Inbox.@Nullable Event next;

    Asked(LocalReplica replica) {
        this.replica = replica;
    }

    /** Tells the caller that this has failed. */
    abstract void fail(RuntimeException cause);

    @Override
    public final Inbox.@Nullable Event next() {
        return next;
    }

    @Override
    public final void linkTo(Inbox.@Nullable Event event) {
        next = event;
    }
}
