package io.loggos.paxos.runtime.replica;

import io.loggos.paxos.core.model.Caller;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Requests of callers that were handed to a state machine and have not ended, oldest first. On the loop's thread.
 *
 * <p>The protocol has done its part for them. So their timeouts come from here, whatever the apply thread does.
 */
public final class HandedOver {
    private final ArrayDeque<Caller[]> waiting = new ArrayDeque<>();

    /** Adds requests that end in this order; an element is null if nobody waits. */
    public void add(@Nullable Caller[] callers) {
        while (!waiting.isEmpty() && hasEnded(waiting.getFirst())) {
            waiting.removeFirst();
        }
        if (!hasEnded(callers)) {
            waiting.add(callers);
        }
    }

    private static boolean hasEnded(@Nullable Caller[] callers) {
        for (int i = callers.length - 1; i >= 0; i--) {
            if (callers[i] instanceof PendingRequest<?> last) {
                return last.hasEnded();
            }
        }
        return true;
    }

    /** Passes requests that are overdue to {@code fail}, and forgets them. */
    public void expire(long now, Consumer<Caller> fail) {
        while (!waiting.isEmpty()) {
            Caller[] oldest = waiting.getFirst();
            boolean allOver = true;
            for (Caller caller : oldest) {
                if (caller instanceof PendingRequest<?> request && !request.hasEnded()) {
                    if (request.isOverdue(now)) {
                        fail.accept(request);
                    } else {
                        allOver = false;
                    }
                }
            }
            if (!allOver) {
                return;
            }
            waiting.removeFirst();
        }
    }
}
