package io.loggos.multicast.core;

import io.loggos.api.Bytes;
import java.util.Arrays;

/** Ring of numbered messages, of which the oldest leave first. A message costs no object of its own. */
final class MessageBuffer {
    /** Cost of a message beside its bytes; without it a flood of empty messages would be free. */
    static final int OVERHEAD_BYTES = 64;

    private static final int LEAST_MESSAGES = 16;

    /** Head and body of message n stand at 2·(n mod capacity); the places without a message hold no bytes. */
    private Bytes[] ring = empty(LEAST_MESSAGES);

    /** Number of the oldest message kept; those kept are first … first + count − 1. */
    private long first = 1;

    private int count;

    /** Sum of the messages' sizes, overhead included. */
    private long bytes;

    /** Number of the newest message that was ever added. */
    long last() {
        return first + count - 1;
    }

    long first() {
        return first;
    }

    long bytes() {
        return bytes;
    }

    void add(Bytes head, Bytes body) {
        if (2 * count == ring.length) {
            grow();
        }
        int at = at(first + count);
        ring[at] = head;
        ring[at + 1] = body;
        count++;
        bytes += cost(head, body);
    }

    Bytes head(long number) {
        return ring[at(number)];
    }

    Bytes body(long number) {
        return ring[at(number) + 1];
    }

    /** Size of a message in bytes. */
    long size(long number) {
        return (long) head(number).size() + body(number).size();
    }

    /** Forgets the messages up to this number. */
    void dropThrough(long number) {
        while (count > 0 && first <= number) {
            int at = at(first);
            bytes -= cost(ring[at], ring[at + 1]);
            ring[at] = Bytes.EMPTY;
            ring[at + 1] = Bytes.EMPTY;
            first++;
            count--;
        }
    }

    /** Forgets everything; the next message is number 1. */
    void clear() {
        ring = empty(LEAST_MESSAGES);
        first = 1;
        count = 0;
        bytes = 0;
    }

    static long cost(Bytes head, Bytes body) {
        return (long) OVERHEAD_BYTES + head.size() + body.size();
    }

    private int at(long number) {
        return 2 * (int) (number % (ring.length / 2));
    }

    private void grow() {
        Bytes[] larger = empty(ring.length);
        for (long number = first; number < first + count; number++) {
            int to = 2 * (int) (number % (larger.length / 2));
            larger[to] = ring[at(number)];
            larger[to + 1] = ring[at(number) + 1];
        }
        ring = larger;
    }

    private static Bytes[] empty(int messages) {
        Bytes[] ring = new Bytes[Math.multiplyExact(2, messages)];
        Arrays.fill(ring, Bytes.EMPTY);
        return ring;
    }
}
