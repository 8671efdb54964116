package io.loggos.multicast.group.core.channel;

import io.loggos.api.snapshot.cut.GroupCut;
import io.loggos.multicast.group.core.model.OrderNumbers;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.VectorClock;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The total order of one view, as far as this member knows it: the rank whose total packet comes next.
 *
 * <p>The sequencer's order numbers extend it. At the end of the view all survivors complete it in the same way
 * (RULES.md V-9).
 */
final class TotalOrder {
    /** The next {@code left} total packets of a rank, according to the sequencer's packet {@code by}. */
    private static final class Run {
        private final int rank;
        private final long by;
        private int left;

        Run(int rank, int left, long by) {
            this.rank = rank;
            this.left = left;
            this.by = by;
        }
    }

    private final ArrayDeque<Run> runs = new ArrayDeque<>();

    /** Adds the order numbers of a packet of the sequencer. */
    void add(Packet packet) {
        OrderNumbers order = packet.order();
        for (int run = 0; run < order.size(); run++) {
            runs.add(new Run(order.rank(run), order.length(run), packet.number()));
        }
    }

    /** The turns that are known and have not come, for a global snapshot. */
    List<GroupCut.Turn> turns() {
        return runs.stream().map(run -> new GroupCut.Turn(run.rank, run.left)).toList();
    }

    /** Rank whose total packet comes next; -1 if that is not known. */
    int head() {
        Run first = runs.peekFirst();
        return first == null ? -1 : first.rank;
    }

    /** Number of the sequencer's packet that says so. */
    long headBy() {
        Run first = runs.peekFirst();
        return first == null ? Long.MAX_VALUE : first.by;
    }

    /** Notes that the next total packet was delivered. */
    void advance() {
        Run first = runs.getFirst();
        if (--first.left == 0) {
            runs.removeFirst();
        }
    }

    /** Forgets all order numbers that are not used up. */
    void forget() {
        runs.clear();
    }

    /**
     * Completes the order at the end of the view.
     *
     * <p>Every survivor has all order numbers that any survivor had, and the same packets. A packet that was ordered
     * and is not in the cut is skipped: no survivor had it.
     *
     * <p>Packets in the cut that were not ordered come last. Of those whose causes and predecessors are all placed, the
     * lowest rank's comes first.
     *
     * @param streams the packets by rank, received through at least the cut
     * @param through the cut
     */
    void complete(SenderStream[] streams, VectorClock through) {
        int[] open = new int[streams.length];
        for (int rank = 0; rank < streams.length; rank++) {
            for (long n = streams[rank].delivered() + 1; n <= through.at(rank); n++) {
                open[rank] += streams[rank].get(n).isTotal() ? 1 : 0;
            }
        }
        for (Run run : runs) {
            run.left = Math.min(run.left, open[run.rank]);
            open[run.rank] -= run.left;
        }
        runs.removeIf(run -> run.left == 0);
        new Completion(streams, through, open).place();
    }

    /** Places the total packets that were never ordered. */
    private final class Completion {
        private final Tail[] tails;
        private int left;

        Completion(SenderStream[] streams, VectorClock through, int[] open) {
            tails = new Tail[streams.length];
            for (int rank = 0; rank < tails.length; rank++) {
                tails[rank] = new Tail(streams[rank], through.at(rank), open[rank], tails.length);
                left += open[rank];
            }
        }

        void place() {
            for (; left > 0; left--) {
                int rank = eligible();
                runs.add(new Run(rank, 1, Long.MAX_VALUE));
                tails[rank].placed();
            }
        }

        private int eligible() {
            for (int rank = 0; rank < tails.length; rank++) {
                if (tails[rank].first != Long.MAX_VALUE && isFree(rank)) {
                    return rank;
                }
            }
            throw new IllegalStateException("total packets that wait for each other");
        }

        /** True if a rank's first packet has no cause among those to be placed. */
        private boolean isFree(int rank) {
            for (int other = 0; other < tails.length; other++) {
                if (other != rank && tails[rank].causes[other] >= tails[other].first) {
                    return false;
                }
            }
            return true;
        }
    }

    /** The total packets of one rank that are to be placed: its last ones in the cut. */
    private static final class Tail {
        private final SenderStream stream;
        private final ArrayDeque<Long> totals = new ArrayDeque<>();
        /** The highest causes of the first of them and of all packets that must be delivered before it. */
        private final long[] causes;

        private long scanned;
        /** The number of the first of them; beyond every cut if there is none. */
        private long first;

        Tail(SenderStream stream, long through, int open, int ranks) {
            this.stream = stream;
            this.causes = new long[ranks];
            this.scanned = stream.delivered();
            for (long n = through; totals.size() < open; n--) {
                if (stream.get(n).isTotal()) {
                    totals.addFirst(n);
                }
            }
            next();
        }

        void placed() {
            totals.removeFirst();
            next();
        }

        private void next() {
            Long number = totals.peekFirst();
            first = number == null ? Long.MAX_VALUE : number;
            for (; number != null && scanned < number; scanned++) {
                Packet packet = stream.get(scanned + 1);
                for (int rank = 0; packet.isCausal() && rank < causes.length; rank++) {
                    causes[rank] = Math.max(causes[rank], packet.stamp().at(rank));
                }
            }
        }
    }
}
