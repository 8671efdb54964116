package io.loggos.multicast.group.core.channel;

import io.loggos.multicast.group.core.model.OrderNumbers;
import io.loggos.multicast.group.core.model.Packet;
import java.util.Arrays;

/**
 * Orders the total packets of a view; the most senior member does this.
 *
 * <p>It passes over the packets of all members in an order in which they could be delivered: each sender's in turn, and
 * after its causes. Each total packet that it passes is next in the order. So a member that delivers in that order
 * never waits for something that comes later in it (RULES.md V-11).
 */
final class Sequencer {
    private final SenderStream[] streams;
    /** For each rank, the number of its packets that were passed. */
    private final long[] passed;

    private int[] runs = new int[16];
    private int size;
    private boolean safe;

    Sequencer(SenderStream[] streams) {
        this.streams = streams;
        this.passed = new long[streams.length];
    }

    /** True if a packet just ordered is delivered only when safe: then its order number must be safe as well. */
    boolean orderedSafe() {
        return safe;
    }

    /** Orders the packets that have come since the last call. */
    OrderNumbers order() {
        size = 0;
        safe = false;
        for (int rank = 0; rank < streams.length; rank++) {
            // Packets delivered since then, such as the last order numbers themselves, had nothing to wait for.
            passed[rank] = Math.max(passed[rank], streams[rank].delivered());
        }
        boolean progress;
        do {
            progress = false;
            for (int rank = 0; rank < streams.length; rank++) {
                while (passed[rank] < streams[rank].received() && pass(rank)) {
                    progress = true;
                }
            }
        } while (progress);
        return size == 0 ? OrderNumbers.NONE : OrderNumbers.of(Arrays.copyOf(runs, size));
    }

    private boolean pass(int rank) {
        Packet packet = streams[rank].get(passed[rank] + 1);
        if (packet.isCausal()) {
            for (int other = 0; other < passed.length; other++) {
                if (other != rank && packet.stamp().at(other) > passed[other]) {
                    return false;
                }
            }
        }
        passed[rank]++;
        if (packet.isTotal()) {
            add(rank);
            safe |= packet.isSafe();
        }
        return true;
    }

    private void add(int rank) {
        if (size > 0 && runs[size - 2] == rank) {
            runs[size - 1]++;
            return;
        }
        if (size == runs.length) {
            runs = Arrays.copyOf(runs, 2 * size);
        }
        runs[size++] = rank;
        runs[size++] = 1;
    }
}
