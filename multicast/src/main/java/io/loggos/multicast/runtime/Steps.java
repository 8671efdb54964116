package io.loggos.multicast.runtime;

import io.loggos.api.OverloadedException;
import io.loggos.internal.user.Lane;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Steps of one participant, in order, with the cuts of global snapshots between them. Any thread adds. */
final class Steps implements ListenersCut.Held {
    private static final int MOST_WAITING = 1 << 16;
    /** Steps before others in the same lane have their turn. */
    private static final int STEPS_PER_TURN = 64;

    private final String name;
    private final Lane lane;
    private final ConcurrentLinkedQueue<Runnable> steps = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Runnable turn = this::turn;
    /** The cut that these steps have come to; used in the lane. */
    private @Nullable ListenersCut heldBy;

    Steps(String name, Lane lane) {
        this.name = name;
        this.lane = lane;
    }

    @Override
    public String name() {
        return name;
    }

    /**
     * Adds a step.
     *
     * @throws OverloadedException if too many wait
     */
    void add(Runnable step) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            throw new OverloadedException(name + ": as many steps wait as may, " + MOST_WAITING);
        }
        steps.add(() -> {
            waiting.decrementAndGet();
            step.run();
        });
        publish();
    }

    /** Adds the place of a cut. */
    void cut(ListenersCut cut) {
        steps.add(() -> {
            heldBy = cut;
            cut.reached(this);
        });
        publish();
    }

    @Override
    public void publish() {
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            lane.execute(turn);
        }
    }

    private void turn() {
        for (int done = 0; done < STEPS_PER_TURN && !isHeld(); done++) {
            Runnable step = steps.poll();
            if (step == null) {
                break;
            }
            step.run();
        }
        scheduled.set(false);
        // A thread that adds looks at the mark after its addition.
        if (!isHeld() && !steps.isEmpty()) {
            publish();
        }
    }

    private boolean isHeld() {
        ListenersCut cut = heldBy;
        if (cut != null && cut.isOver()) {
            heldBy = null;
        }
        return heldBy != null;
    }
}
