package io.loggos.multicast.runtime;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Place of a global snapshot's cut in the sequences of calls to the application of a node.
 *
 * <p>All groups and participants together are one process. Each runs what came before the cut, and is then held until
 * all have come this far. Then the application is recorded, and all go on. The cut can be abandoned, so that one that
 * does not come holds up nobody for long. Any thread.
 */
final class ListenersCut {
    /** A sequence of calls to the application. */
    interface Held {
        /** Names it for people. */
        String name();

        /** Goes on, if it is held by no cut. */
        void publish();
    }

    private final Runnable record;
    private final Set<Held> missing;
    private final List<Held> held = new ArrayList<>();
    private boolean over;

    /**
     * Creates a cut through these sequences.
     *
     * @param record is run once all have come to it, by the last one
     */
    ListenersCut(List<? extends Held> sequences, Runnable record) {
        this.missing = new LinkedHashSet<>(sequences);
        this.record = record;
    }

    synchronized boolean isOver() {
        return over;
    }

    /** Notes that a sequence has come to the cut, and runs nothing more before it is over. */
    void reached(Held sequence) {
        if (isLast(sequence)) {
            record.run();
            end();
        }
    }

    private synchronized boolean isLast(Held sequence) {
        held.add(sequence);
        return missing.remove(sequence) && missing.isEmpty() && !over;
    }

    private void end() {
        List<Held> released;
        synchronized (this) {
            over = true;
            released = List.copyOf(held);
        }
        released.forEach(Held::publish);
    }

    /** Lets all go on. Returns the names of those that have not come, or the word for the recorders if all have. */
    List<String> abandon() {
        List<String> late;
        synchronized (this) {
            late = missing.stream().map(Held::name).toList();
        }
        end();
        return late.isEmpty() ? List.of("a recorder") : late;
    }
}
