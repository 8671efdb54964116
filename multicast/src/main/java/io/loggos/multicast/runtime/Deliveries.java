package io.loggos.multicast.runtime;

import io.loggos.api.NodeId;
import io.loggos.api.group.Receipt;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.ViewId;
import io.loggos.api.spi.Clock;
import io.loggos.internal.loop.EventLoop;
import io.loggos.internal.user.Lane;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.PendingReceipt;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Queue of events for one member's application, messages and views in one order.
 *
 * <p>The loop adds, the group's lane takes. The progress of a turn is reported to the loop at once. Events behind a
 * state that is to be fetched wait for it. If the state is lost, or another one is asked for meanwhile, they are void.
 */
final class Deliveries implements ListenersCut.Held {
    /** Longest time before others in the same lane have their turn. */
    private static final long SLICE_NANOS = 500_000;

    /** One event. */
    private sealed interface Item permits Message, NewView, Fate, Capture, Gate, Cut, Restore, Eviction, End {}

    private record Message(NodeId sender, Packet packet) implements Item {}

    private record NewView(ViewChange change) implements Item {}

    private record Fate(PendingReceipt pending, Receipt receipt) implements Item {}

    private record Capture(ViewId boundary) implements Item {}

    private record Gate(StateFetch fetch) implements Item {}

    private record Cut(ListenersCut cut) implements Item {}

    private record Restore() implements Item {}

    private record Eviction(String reason) implements Item {}

    private record End() implements Item {}

    private final Recipient recipient;
    private final Clock clock;
    private final EventLoop loop;
    private final Lane lane;
    private final Runnable turn = this::turn;
    private final ConcurrentLinkedQueue<Item> items = new ConcurrentLinkedQueue<>();
    /** True if the lane has a turn of this, or runs it. */
    private final AtomicBoolean scheduled = new AtomicBoolean();
    /** The state that was asked for last, while it is of use. */
    private volatile @Nullable StateFetch wanted;

    /** State that the next events wait for; used in the lane. */
    private @Nullable StateFetch awaited;

    private boolean lossTold;
    /** Cut that this has reached and others have not; used in the lane. */
    private @Nullable ListenersCut heldBy;

    private final Consumption consumption = new Consumption();

    /** True if something was added in this turn; used by the loop. */
    private boolean added;

    Deliveries(Recipient recipient, Clock clock, EventLoop loop, Lane lane) {
        this.recipient = recipient;
        this.clock = clock;
        this.loop = loop;
        this.lane = lane;
    }

    @Override
    public String name() {
        return recipient.name();
    }

    void message(NodeId sender, Packet packet) {
        add(new Message(sender, packet));
    }

    void view(ViewChange change) {
        add(new NewView(change));
    }

    void receipt(PendingReceipt pending, Receipt receipt) {
        add(new Fate(pending, receipt));
    }

    void capture(ViewId boundary) {
        add(new Capture(boundary));
    }

    void await(StateFetch fetch) {
        wanted = fetch;
        add(new Gate(fetch));
    }

    /** Adds the place of a cut: events before it are told before the node's listeners are recorded, and no others. */
    void cut(ListenersCut cut) {
        add(new Cut(cut));
    }

    /** Adds the time at which messages from a snapshot are given, if they still wait. */
    void restore() {
        add(new Restore());
    }

    void eviction(String reason) {
        wanted = null;
        add(new Eviction(reason));
    }

    /** Adds the end: no event follows. */
    void end() {
        wanted = null;
        add(new End());
    }

    private void add(Item item) {
        items.add(item);
        added = true;
    }

    /** True if something was added since the last call. */
    boolean takeAdded() {
        boolean was = added;
        added = false;
        return was;
    }

    /** The state that is on its way; null if none is. */
    @Nullable
    StateFetch fetching() {
        StateFetch fetch = wanted;
        return fetch == null || fetch.isOver() ? null : fetch;
    }

    /** Schedules a turn, unless one is scheduled already. Any thread. */
    @Override
    public void publish() {
        if (schedule()) {
            lane.execute(turn);
        }
    }

    private boolean schedule() {
        return !scheduled.get() && scheduled.compareAndSet(false, true);
    }

    private void turn() {
        boolean more = tell(clock.nanos() + SLICE_NANOS);
        Consumption taken = consumption.take();
        if (taken != null) {
            loop.deliver(now -> recipient.member().consumed(taken));
        }
        if (more) {
            lane.execute(turn);
        }
    }

    /** Tells events until the deadline; returns whether there are more. */
    private boolean tell(long untilNanos) {
        while (tellNext()) {
            if (clock.nanos() > untilNanos) {
                return true;
            }
        }
        scheduled.set(false);
        // A thread that adds looks at the mark after its addition.
        return hasNext() && schedule();
    }

    private boolean isHeld() {
        ListenersCut cut = heldBy;
        if (cut != null && cut.isOver()) {
            heldBy = null;
        }
        return heldBy != null;
    }

    private boolean hasNext() {
        if (isHeld()) {
            return false;
        }
        StateFetch fetch = awaited;
        if (fetch != null && fetch == wanted && !lossTold) {
            return fetch.isOver();
        }
        return !items.isEmpty();
    }

    private boolean tellNext() {
        if (isHeld()) {
            return false;
        }
        StateFetch fetch = awaited;
        if (fetch != null && fetch == wanted && !lossTold) {
            if (!fetch.isOver()) {
                return false;
            }
            restore(fetch);
        }
        Item item = items.poll();
        if (item == null) {
            return false;
        }
        tell(item);
        return true;
    }

    private void restore(StateFetch fetch) {
        Path directory = fetch.directory();
        if (directory != null && recipient.restore(fetch.boundary, directory, fetch.restored())) {
            awaited = null;
        } else {
            lossTold = true;
            recipient.lost(fetch.boundary);
        }
    }

    private void tell(Item item) {
        if (item instanceof Gate gate) {
            recipient.startsAnew();
            awaited = gate.fetch;
            lossTold = false;
        } else if (item instanceof Cut cut) {
            heldBy = cut.cut;
            cut.cut.reached(this);
        } else if (item instanceof Restore) {
            recipient.giveRestored();
        } else if (item instanceof End) {
            recipient.ended();
        } else if (item instanceof Fate fate) {
            recipient.receipt(fate.pending, fate.receipt, awaited == null);
        } else if (item instanceof Eviction eviction) {
            awaited = null;
            recipient.evicted(eviction.reason);
        } else if (awaited == null) {
            if (item instanceof Message message) {
                recipient.messages(message.sender, message.packet);
                consumption.taken(message.packet);
            } else if (item instanceof NewView view) {
                recipient.view(view.change);
            } else if (item instanceof Capture capture) {
                recipient.capture(capture.boundary);
            }
        }
    }
}
