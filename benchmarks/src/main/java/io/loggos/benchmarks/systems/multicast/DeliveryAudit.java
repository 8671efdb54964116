package io.loggos.benchmarks.systems.multicast;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Audit of the deliveries to one member. It counts the messages of each sender and checks their order; in a total order
 * it also keeps a running hash. It costs a few nanoseconds a message, the same for every system. Any thread may read
 * it.
 */
public final class DeliveryAudit implements MemberListener {
    /** Distance between the counts of two senders, so that they are on different cache lines. */
    private static final int STRIDE = 16;

    /**
     * Result of the audit.
     *
     * @param next next sequence number of each sender
     * @param orderHash hash of the whole order; 0 unless it is total
     * @param lost number of messages that were skipped
     * @param doubled number of messages that came again, or after a later one
     */
    public record State(List<Long> next, long orderHash, long lost, long doubled) {
        public State {
            next = List.copyOf(next);
        }

        /** Tells if each sender's messages came once each, in the order sent. */
        public boolean inOrder() {
            return lost == 0 && doubled == 0;
        }

        /** Returns one line, its parts separated by blanks. */
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
     * Creates an audit without deliveries.
     *
     * @param total true if all members must be delivered everything in one order
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

    /** Returns the number of views so far. */
    public int views() {
        return views;
    }

    /** Returns the number of members in the latest view; 0 before the first. */
    public int viewSize() {
        return viewSize;
    }

    /** Tells if this member is the first of the latest view. */
    public boolean isCoordinator() {
        return coordinator;
    }

    /** Returns the time of the latest view, by {@link System#nanoTime}. */
    public long viewNanos() {
        return viewNanos;
    }

    /** Returns the number of delivered messages of a sender, including skipped ones. */
    public long delivered(int sender) {
        return next.get(sender * STRIDE);
    }

    /** Returns the result; exact once nothing is under way. */
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
