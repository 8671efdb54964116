package io.loggos.paxos.runtime.replica;

import io.loggos.paxos.core.model.Caller;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.runtime.agent.Inbox;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A caller's request on its way to the loop, which is also the future of its answer. It completes once. */
public abstract class PendingRequest<T> extends CompletableFuture<T> implements Inbox.Event, Caller {
    public final LocalReplica replica;
    private Inbox.@Nullable Event next;

    PendingRequest(LocalReplica replica) {
        this.replica = replica;
    }

    @Override
    public final void dropped() {
        fail(replica.failure(Effects.Failure.UNAVAILABLE));
    }

    @Override
    public final Inbox.@Nullable Event next() {
        return next;
    }

    @Override
    public final void linkTo(Inbox.@Nullable Event event) {
        next = event;
    }
}
