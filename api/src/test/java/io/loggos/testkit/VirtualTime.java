package io.loggos.testkit;

import io.loggos.api.spi.Clock;
import java.util.PriorityQueue;

/**
 * Clock that jumps from event to event. Events at one time run in the order in which they were scheduled, so that a run is a
 * function of its seed.
 */
public final class VirtualTime implements Clock {
    /** Beginning of the wall clock of a simulation: 2026-01-01. */
    public static final long WALL_ORIGIN_MILLIS = 1_767_225_600_000L;

    /** Limit of events at one time; more of them are taken for a loop in which time stands still. */
    private static final int MOST_AT_ONE_TIME = 1_000_000;

    private record Event(long atNanos, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long now;
    private long scheduled;
    private int atThisTime;

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public long wallMillis() {
        return WALL_ORIGIN_MILLIS + now / 1_000_000;
    }

    /** Runs an action at a time, or now if that has passed. */
    public void at(long atNanos, Runnable action) {
        events.add(new Event(Math.max(atNanos, now), scheduled++, action));
    }

    /** Runs an action after a delay. */
    public void after(long delayNanos, Runnable action) {
        at(now + Math.max(0, delayNanos), action);
    }

    /**
     * Runs the next event; returns false if there is none.
     *
     * @throws IllegalStateException if time stands still: events at one time go on making others at that time
     */
    public boolean runNext() {
        Event next = events.poll();
        if (next == null) {
            return false;
        }
        atThisTime = next.atNanos == now ? atThisTime + 1 : 0;
        if (atThisTime > MOST_AT_ONE_TIME) {
            throw new IllegalStateException("time stands still at " + now + " ns");
        }
        now = next.atNanos;
        next.action.run();
        return true;
    }

    /** Runs all events up to a time, and goes there. */
    public void runUntil(long nanos) {
        while (true) {
            Event next = events.peek();
            if (next == null || next.atNanos > nanos) {
                now = Math.max(now, nanos);
                return;
            }
            runNext();
        }
    }

    /** Returns the time of the next event, or {@link Long#MAX_VALUE}. */
    public long nextEventNanos() {
        Event next = events.peek();
        return next == null ? Long.MAX_VALUE : next.atNanos;
    }
}
