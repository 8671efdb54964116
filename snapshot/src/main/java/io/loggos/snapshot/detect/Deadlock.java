package io.loggos.snapshot.detect;

import io.loggos.api.Bytes;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.StableProperty;
import io.loggos.api.snapshot.cut.InFlight;
import io.loggos.snapshot.detect.Cycle.Wait;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A deadlock: processes that each wait for a resource that the next one holds.
 *
 * <p>It is stable under these conditions, which the application must keep:
 * <ul>
 *   <li>A resource is held by one process at a time, and is never given to a process that holds it already.
 *   <li>A process that waits goes on once it has <i>all</i> that it asked for, and gives back nothing before.
 *   <li>No wait ends by itself. If waits can time out, a cycle of a cut may be broken already. It may even never have
 *       existed: one process had given up when the next began to wait. See {@link #confirmed}.
 * </ul>
 *
 * <p>If a cycle is found, its processes wait for ever unless somebody outside intervenes. If none is found, there was
 * none when the snapshot began, or the cut does not show the whole computation ({@link Computation#isWholeIn}). There
 * may be one since.
 *
 * @param computation all processes and all nodes that give out resources
 * @param claims reads from the state of a node which processes hold and await which resources
 * @param message reads a message; empty for one that moves no resource
 * @param <P> names a process, with {@code equals}
 * @param <R> names a resource, with {@code equals}
 */
public record Deadlock<P, R>(
        Computation computation,
        Function<Bytes, Claims<P, R>> claims,
        Function<Bytes, Optional<ClaimMessage<P, R>>> message)
        implements StableProperty<Cycle<P, R>> {
    /**
     * Returns a cycle of the wait-for graph, one of them if there are several.
     *
     * @throws IllegalStateException if two processes hold one resource: states or messages are not read right
     */
    @Override
    public Optional<Cycle<P, R>> find(GlobalSnapshot cut) {
        return WaitForGraph.cycle(waits(cut));
    }

    /**
     * Returns a cycle that is in two cuts, for waits that can time out.
     *
     * <p>The second snapshot must have begun after the first was complete. {@code P} must name a process anew each time
     * it tries again (with a number, say).
     *
     * <p>Then each of these waits began before the end of the first snapshot and had not ended when the second began.
     * So all of them existed together in between. This, too, says nothing about later.
     *
     * @throws IllegalArgumentException if the second is known not to be a later one
     */
    public Optional<Cycle<P, R>> confirmed(GlobalSnapshot first, GlobalSnapshot second) {
        SnapshotId one = first.id();
        SnapshotId two = second.id();
        if (one.initiator().equals(two.initiator()) && one.life() == two.life() && two.number() <= one.number()) {
            throw new IllegalArgumentException("snapshot " + two + " is not later than " + one);
        }
        List<Wait<P, R>> before = waits(first);
        return WaitForGraph.cycle(waits(second).stream()
                .filter(wait -> before.stream().anyMatch(wait::sameAs))
                .toList());
    }

    private List<Wait<P, R>> waits(GlobalSnapshot cut) {
        if (!computation.isWholeIn(cut)) {
            return List.of();
        }
        WaitForGraph<P, R> graph = new WaitForGraph<>();
        cut.states(computation.participant(), claims).forEach((node, stated) -> {
            if (computation.nodes().contains(node)) {
                graph.addState(node, stated);
            }
        });
        for (InFlight<Bytes> sent : computation.inFlight(cut)) {
            message.apply(sent.message()).ifPresent(read -> graph.addMessage(sent, read));
        }
        return graph.waits();
    }
}
