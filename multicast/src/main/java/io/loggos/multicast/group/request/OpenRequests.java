package io.loggos.multicast.group.request;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Receipt;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.request.Answers;
import io.loggos.api.group.request.Quota;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Requests of this member that are not answered yet (RULES.md V-27).
 *
 * <p>The receipt of a request says which members were asked: those of the view that it was sent in. An answer may come
 * before the receipt. A member counts as gone if it does not come along to the next view, but an answer of it still
 * counts.
 *
 * <p>Pure: events and the time go in, in the order of the application's events, and ended requests come out.
 */
public final class OpenRequests {
    /** Receiver of the end of a request. */
    public interface Effects {
        void ended(long number, Answers answers);
    }

    private static final class Open {
        private final Quota quota;
        private final long deadlineNanos;
        /** Members that were asked; null until the request was sent. */
        private @Nullable SortedSet<NodeId> asked;
        /** True once the receipt is here: the views that follow tell who may still answer. */
        private boolean sent;

        private final TreeMap<NodeId, Bytes> answers = new TreeMap<>();
        private final TreeMap<NodeId, String> failures = new TreeMap<>();
        private final TreeSet<NodeId> left = new TreeSet<>();

        Open(Quota quota, long deadlineNanos, @Nullable SortedSet<NodeId> asked) {
            this.quota = quota;
            this.deadlineNanos = deadlineNanos;
            this.asked = asked;
        }

        boolean isEnough() {
            return asked != null && !asked.isEmpty() && answers.size() >= quota.of(asked.size());
        }

        boolean isOver() {
            return asked != null && (isEnough() || silent().isEmpty());
        }

        void leave(Predicate<NodeId> gone) {
            silent().stream().filter(gone).forEach(left::add);
        }

        SortedSet<NodeId> silent() {
            TreeSet<NodeId> silent = new TreeSet<>(asked == null ? Set.of() : asked);
            silent.removeAll(answers.keySet());
            silent.removeAll(failures.keySet());
            silent.removeAll(left);
            return silent;
        }

        Answers result() {
            return new Answers(isEnough(), answers, failures, left, silent());
        }
    }

    private final Effects effects;
    private final TreeMap<Long, Open> requests = new TreeMap<>();
    private long lastNumber;

    public OpenRequests(Effects effects) {
        this.effects = effects;
    }

    /**
     * Opens a request, which is about to be sent, and returns its number.
     *
     * @param to the member that is asked; null if all are
     */
    public long open(Quota quota, @Nullable NodeId to, long deadlineNanos) {
        lastNumber++;
        requests.put(lastNumber, new Open(quota, deadlineNanos, to == null ? null : new TreeSet<>(Set.of(to))));
        return lastNumber;
    }

    /** Forgets a request that was refused. */
    public void refused(long number) {
        requests.remove(number);
    }

    /** Takes the receipt of a request. */
    public void onReceipt(long number, Receipt receipt) {
        Open open = requests.get(number);
        if (open == null) {
            return;
        }
        if (open.asked == null) {
            open.asked =
                    new TreeSet<>(receipt.view().map(view -> view.members()).orElse(List.of()));
        }
        open.sent = true;
        if (!receipt.isDelivered()) {
            open.leave(node -> true);
        }
        endIfOver(number, open);
    }

    /** Takes an answer, or the reason why there is none. */
    public void onAnswer(NodeId from, RequestEnvelope answer) {
        Open open = requests.get(answer.number());
        if (open == null || (open.asked != null && !open.asked.contains(from))) {
            return;
        }
        open.left.remove(from);
        String failure = answer.failure();
        if (failure == null) {
            open.answers.putIfAbsent(from, answer.content());
        } else {
            open.failures.putIfAbsent(from, failure);
        }
        endIfOver(answer.number(), open);
    }

    /** Notes a new view: who does not come along may not answer. */
    public void onView(ViewChange change) {
        leave(node -> !change.transitional().contains(node));
    }

    /** Notes that this node is no member any more: of the others no answer comes. */
    public void onEvicted() {
        leave(node -> true);
    }

    private void leave(Predicate<NodeId> gone) {
        for (long number : List.copyOf(requests.keySet())) {
            Open open = requests.get(number);
            if (open != null && open.sent) {
                open.leave(gone);
                endIfOver(number, open);
            }
        }
    }

    /** Ends the requests whose deadline has come. */
    public void onTime(long now) {
        for (long number : List.copyOf(requests.keySet())) {
            Open open = requests.get(number);
            if (open != null && now >= open.deadlineNanos) {
                requests.remove(number);
                effects.ended(number, open.result());
            }
        }
    }

    /** Time of the next deadline; {@link Long#MAX_VALUE} if nothing is open. */
    public long nextDeadlineNanos() {
        return requests.values().stream()
                .mapToLong(open -> open.deadlineNanos)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Forgets all requests, and returns their numbers. */
    public Collection<Long> close() {
        List<Long> numbers = new ArrayList<>(requests.keySet());
        requests.clear();
        return numbers;
    }

    private void endIfOver(long number, Open open) {
        if (open.isOver()) {
            requests.remove(number);
            effects.ended(number, open.result());
        }
    }
}
