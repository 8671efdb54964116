package io.loggos.multicast.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.ViewId;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A state on its way to a newcomer; later deliveries wait for it.
 *
 * <p>The loop asks for it, again and again while the provider is still writing it. The listener's thread looks whether
 * it is there.
 */
final class StateFetch {
    /** Outcome of the fetch. */
    private record Outcome(@Nullable Path directory, Bytes restored) {}

    final NodeId provider;
    final ViewId boundary;
    private final long deadlineNanos;
    private volatile @Nullable Outcome outcome;

    StateFetch(NodeId provider, ViewId boundary, long deadlineNanos) {
        this.provider = provider;
        this.boundary = boundary;
        this.deadlineNanos = deadlineNanos;
    }

    boolean isOver() {
        return outcome != null;
    }

    boolean isOverdue(long now) {
        return now >= deadlineNanos;
    }

    void fetched(Path directory, Bytes restored) {
        outcome = new Outcome(directory, restored);
    }

    void lost() {
        outcome = new Outcome(null, Bytes.EMPTY);
    }

    /** Directory of the state, once the fetch is over; null if the state was lost. */
    @Nullable
    Path directory() {
        Outcome now = outcome;
        return now == null ? null : now.directory();
    }

    /** Messages that the provider had yet to give to its application from a snapshot, once the fetch is over. */
    Bytes restored() {
        Outcome now = outcome;
        return now == null ? Bytes.EMPTY : now.restored();
    }
}
