package io.loggos.snapshot.sim;

import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewId;
import io.loggos.snapshot.core.SnapshotMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Group of all nodes, with the guarantees of virtual synchrony and no others. There is one line of views and messages, which
 * each member takes one by one at its own pace. A message is in the view that it was multicast in, or nowhere. An excluded
 * member gets some beginning of the line and is told; a newcomer is in a later view.
 */
final class SimGroup {
    /** A message of the group or, if there is none, a view; with neither, the member is excluded. */
    private record Event(
            @Nullable View view,
            @Nullable NodeId from,
            @Nullable SnapshotMessage message) {}

    /** A member, and what it has not taken yet. */
    private static final class Seat {
        final SimLife life;
        final ArrayDeque<Event> queue = new ArrayDeque<>();
        boolean waiting;

        Seat(SimLife life) {
            this.life = life;
        }
    }

    private final SimCluster cluster;
    private final SplittableRandom random;
    /** The members of the present view by seniority. */
    private final List<Seat> seats = new ArrayList<>();

    private @Nullable View present;
    private long counter;
    /** Number of changes that will come. */
    private int changing;

    SimGroup(SimCluster cluster, SplittableRandom random) {
        this.cluster = cluster;
        this.random = random;
    }

    /** A life will be a member after a while. */
    void join(SimLife life) {
        later(delay(), () -> {
            if (life.isRunning()) {
                change(life);
            }
        });
    }

    /** A life is over; the others will know after a while. */
    void crashed() {
        later(4 * delay(), () -> change(null));
    }

    /** The same members go on in another view, with those that have come. */
    void change() {
        change(null);
    }

    /** A node that lives is held for dead. */
    void exclude(SimLife life) {
        Seat seat = seat(life);
        if (seat == null) {
            return;
        }
        cluster.note("a live node is excluded");
        seats.remove(seat);
        int kept = random.nextInt(seat.queue.size() + 1);
        while (seat.queue.size() > kept) {
            seat.queue.removeLast();
        }
        put(seat, new Event(null, null, null));
        change(null);
    }

    /** Multicasts in the view that the sender is in. */
    void multicast(SimLife sender, SnapshotMessage message) {
        View in = sender.view();
        cluster.time.after(delay(), () -> {
            if (in == null || !in.equals(present)) {
                cluster.note("a multicast is dropped at the end of its view");
                return;
            }
            List.copyOf(seats).forEach(seat -> put(seat, new Event(null, sender.id(), message)));
        });
    }

    /** True if all nodes are in one view and have taken all there is. */
    boolean isSettled() {
        return changing == 0
                && seats.size() == cluster.settings.nodes()
                && seats.stream().allMatch(seat -> seat.queue.isEmpty() && Objects.equals(seat.life.view(), present));
    }

    private void change(@Nullable SimLife newcomer) {
        seats.removeIf(seat -> !seat.life.isRunning());
        if (newcomer != null && seat(newcomer) == null) {
            seats.add(new Seat(newcomer));
        }
        if (seats.isEmpty()) {
            present = null;
            return;
        }
        SimLife first = seats.get(0).life;
        View view = new View(
                new ViewId(++counter, first.id(), first.life()),
                seats.stream().map(seat -> seat.life.id()).toList(),
                2 * seats.size() > cluster.settings.nodes());
        present = view;
        cluster.trace("group", view::toString);
        List.copyOf(seats).forEach(seat -> put(seat, new Event(view, null, null)));
    }

    private void later(long delayNanos, Runnable step) {
        changing++;
        cluster.time.after(delayNanos, () -> {
            changing--;
            step.run();
        });
    }

    private void put(Seat seat, Event event) {
        seat.queue.add(event);
        wake(seat);
    }

    private void wake(Seat seat) {
        if (!seat.waiting && !seat.queue.isEmpty()) {
            seat.waiting = true;
            cluster.time.after(delay(), () -> seat.life.turn(() -> take(seat)));
        }
    }

    private void take(Seat seat) {
        seat.waiting = false;
        Event event = seat.queue.remove();
        NodeId from = event.from();
        SnapshotMessage message = event.message();
        if (from != null && message != null) {
            seat.life.delivered(from, message);
        } else {
            seat.life.changed(event.view());
            if (event.view() == null) {
                join(seat.life);
            }
        }
        wake(seat);
    }

    private @Nullable Seat seat(SimLife life) {
        return seats.stream().filter(seat -> seat.life == life).findFirst().orElse(null);
    }

    private long delay() {
        return random.nextLong(cluster.settings.deliveryNanos());
    }
}
