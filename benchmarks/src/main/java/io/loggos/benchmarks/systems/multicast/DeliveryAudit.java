package io.loggos.benchmarks.systems.multicast;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What one member was delivered: of each sender how many, whether each sender's were in the order sent, and, where the
 * order is total, a running hash of it. Costs a few nanoseconds a message, at every system the same. Any thread may look.
 */
public final class DeliveryAudit implements MemberListener {
    /** Counts of different senders lie on different cache lines. */
    private static final int STRIDE = 16;

    /**
     * What it has seen.
     *
     * @param next of each sender the sequence that comes next
     * @param orderHash of the whole order; 0 unless it is total
     * @param lost how many were jumped over
     * @param doubled how many came again, or after a later one
     */
    public record State(List<Long> next, long orderHash, long lost, long doubled) {
        public State {
            next = List.copyOf(next);
        }

        /** Whether each sender's messages came once each, in the order sent. */
        public boolean inOrder() {
            return lost == 0 && doubled == 0;
        }

        /** One line, its parts separated by blanks. */
        public String toText() {
            StringBuilder text = new StringBuilder(orderHash + " " + lost + " " + doubled);
            next.forEach(each -> text.append(' ').append(each));
            return text.toString();
        }

        /** Reads {@link #toText} back. */
        public static State parse(String text) {
            long[] parts = Arrays.stream(text.split(" ", -1))
                    .mapToLong(Long::parseLong)
                    .toArray();
            List<Long> next = new ArrayList<>();
            for (int i = 3; i < parts.length; i++) {
                next.add(parts[i]);
            }
            return new State(next, parts[0], parts[1], parts[2]);
        }
    }

    private final int senders;
    private final boolean total;
    private final Runnable afterEach;
    private final AtomicLongArray next;
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong doubled = new AtomicLong();
    private long orderHash;
    private volatile int views;
    private volatile int viewSize;
    private volatile boolean coordinator;
    private volatile long viewNanos;

    /**
     * Nothing delivered yet.
     *
     * @param total whether all members must be delivered everything in one order
     * @param afterEach called after each message
     */
    public DeliveryAudit(int senders, boolean total, Runnable afterEach) {
        this.senders = senders;
        this.total = total;
        this.afterEach = afterEach;
        this.next = new AtomicLongArray(senders * STRIDE);
    }

    @Override
    public void onMessage(byte[] array, int offset) {
        int sender = NumberedMessage.sender(array, offset);
        long sequence = NumberedMessage.sequence(array, offset);
        if (total) {
            fold(sender, sequence);
        }
        long expected = next.getPlain(sender * STRIDE);
        if (sequence == expected) {
            next.lazySet(sender * STRIDE, sequence + 1);
        } else if (sequence > expected) {
            lost.addAndGet(sequence - expected);
            next.lazySet(sender * STRIDE, sequence + 1);
        } else {
            doubled.incrementAndGet();
        }
        afterEach.run();
    }

    // Only the thread that calls the listener writes.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    @Override
    public void onView(int members, boolean isCoordinator) {
        views++;
        coordinator = isCoordinator;
        viewNanos = System.nanoTime();
        viewSize = members;
    }

    /** How often the view has changed. */
    public int views() {
        return views;
    }

    /** How many members the latest view has; 0 before the first. */
    public int viewSize() {
        return viewSize;
    }

    /** Whether this member is the first of the latest view. */
    public boolean isCoordinator() {
        return coordinator;
    }

    /** When the latest view came, by {@link System#nanoTime}. */
    public long viewNanos() {
        return viewNanos;
    }

    /** How many messages of a sender were delivered, with those jumped over. */
    public long delivered(int sender) {
        return next.get(sender * STRIDE);
    }

    /** What it has seen; exact once nothing is under way. */
    public State state() {
        List<Long> all = new ArrayList<>();
        for (int sender = 0; sender < senders; sender++) {
            all.add(delivered(sender));
        }
        synchronized (this) {
            return new State(all, orderHash, lost.get(), doubled.get());
        }
    }

    private synchronized void fold(int sender, long sequence) {
        orderHash = (orderHash ^ sequence ^ ((long) sender << 56)) * 0x9E37_79B9_7F4A_7C15L;
        orderHash ^= orderHash >>> 29;
    }
}
