package io.loggos.multicast.runtime;

import io.loggos.api.spi.Clock;
import io.loggos.internal.loop.Agent;
import io.loggos.internal.loop.EventLoop;
import io.loggos.internal.loop.Waker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Calls the listeners of all groups of a node, on a thread of its own, so that a slow listener never delays a
 * heartbeat.
 *
 * <p>The work of a turn is reported to the loop at once.
 */
public final class DeliveryAgent implements Agent {
    /** Longest time for one group before the next one has its turn. */
    private static final long SLICE_NANOS = 500_000;

    private record Taken(GroupMember member, Consumption consumption) {}

    private final EventLoop loop;
    private final Clock clock;
    private final ConcurrentLinkedQueue<Deliveries> ready = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private volatile Waker waker = () -> {};
    private volatile @Nullable Thread turner;

    DeliveryAgent(EventLoop loop, Clock clock) {
        this.loop = loop;
        this.clock = clock;
    }

    public void wakeWith(Waker newWaker) {
        waker = newWaker;
    }

    /** True if the caller is called by a listener, or is one. */
    boolean isTurnedHere() {
        return turner == Thread.currentThread();
    }

    /** Notes that something was added to these deliveries. Any thread; {@link #wake} must follow. */
    void publish(Deliveries deliveries) {
        if (deliveries.schedule()) {
            ready.add(deliveries);
        }
    }

    void wake() {
        if (!ready.isEmpty()) {
            waker.wake();
        }
    }

    /** Runs a task on the listeners' thread. Any thread. */
    void execute(Runnable task) {
        tasks.add(task);
        waker.wake();
    }

    @Override
    public String name() {
        return "deliver";
    }

    @Override
    public int doWork() {
        turner = Thread.currentThread();
        int work = 0;
        try {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
                work++;
            }
            work += tell();
        } finally {
            turner = null;
        }
        return work;
    }

    private int tell() {
        List<Deliveries> more = new ArrayList<>();
        List<Taken> taken = new ArrayList<>();
        int work = 0;
        for (Deliveries next = ready.poll(); next != null; next = ready.poll()) {
            if (next.tell(clock.nanos() + SLICE_NANOS)) {
                more.add(next);
            }
            Consumption consumption = next.takeConsumption();
            if (consumption != null) {
                taken.add(new Taken(next.recipient().member(), consumption));
            }
            work++;
        }
        ready.addAll(more);
        if (!taken.isEmpty()) {
            loop.deliver(now -> taken.forEach(each -> each.member.consumed(each.consumption)));
        }
        return work;
    }

    @Override
    public long nextWorkNanos() {
        return ready.isEmpty() && tasks.isEmpty() ? Long.MAX_VALUE : Long.MIN_VALUE;
    }
}
