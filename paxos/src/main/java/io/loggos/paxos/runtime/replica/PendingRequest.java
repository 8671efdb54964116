package io.loggos.paxos.runtime.replica;

import io.loggos.paxos.core.model.Caller;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.runtime.agent.Inbox;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/** A caller's request on its way to the loop, which is also the future of its answer. It completes once. */
public abstract class PendingRequest<T> extends Answer<T> implements Inbox.Event, Caller {
    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<PendingRequest> ENDED =
            AtomicIntegerFieldUpdater.newUpdater(PendingRequest.class, "ended");

    public final LocalReplica replica;
    /** Monotonic time of the call. */
    final long calledAtNanos;

    private Inbox.@Nullable Event next;
    /** 1 once its answer or its failure is known. */
    private volatile int ended;

    PendingRequest(LocalReplica replica, long calledAtNanos) {
        super(replica.loop());
        this.replica = replica;
        this.calledAtNanos = calledAtNanos;
    }

    /** Takes the right to end this request; false if it has ended, by an answer or by a timeout. Any thread. */
    final boolean end() {
        return ended == 0 && ENDED.compareAndSet(this, 0, 1);
    }

    /** True once its answer or its failure is known. */
    public final boolean hasEnded() {
        return ended != 0;
    }

    /** True if its time is over. */
    public final boolean isOverdue(long now) {
        return now - calledAtNanos >= replica.options().requestTimeout().toNanos();
    }

    /** Completes the future with an answer: here, unless the application has named an executor for that. */
    final void answer(T answer) {
        Executor executor = replica.loop().answers();
        if (executor == null) {
            complete(answer);
        } else {
            executor.execute(() -> complete(answer));
        }
    }

    /** Completes the future with a failure, on a thread that nothing else of the node needs. */
    final void failure(Throwable cause) {
        replica.loop().answer(() -> completeExceptionally(cause));
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
