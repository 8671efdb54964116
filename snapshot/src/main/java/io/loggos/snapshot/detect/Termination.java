package io.loggos.snapshot.detect;

import io.loggos.api.Bytes;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.StableProperty;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * End of a distributed computation: all its processes are passive, none waits for a timer, and no work is in flight
 * between them.
 *
 * <p>It is stable. A passive process becomes active only by work or by a timer, and only an active one sends work or
 * sets a timer. So no process can begin again. The states alone do not suffice: work in flight from one process to
 * another is in neither state.
 *
 * <p>If it is found, the computation has ended before the snapshot did. If it is not found, the computation had not
 * ended when the snapshot began, or the cut does not show all of it ({@link Computation#isWholeIn}). It may have ended
 * since.
 *
 * @param computation all processes that do its work
 * @param activity reads what a process was doing from the state it recorded
 * @param work whether a message is work. A message that makes no process active need not be
 */
public record Termination(Computation computation, Function<Bytes, Activity> activity, Predicate<Bytes> work)
        implements StableProperty<Computation> {
    /** Counts every message as work. */
    public Termination(Computation computation, Function<Bytes, Activity> activity) {
        this(computation, activity, message -> true);
    }

    /** Returns the computation, if it has ended. */
    @Override
    public Optional<Computation> find(GlobalSnapshot cut) {
        boolean ended = computation.isWholeIn(cut)
                && cut.states(computation.participant(), Function.identity()).entrySet().stream()
                        .filter(state -> computation.nodes().contains(state.getKey()))
                        .allMatch(state -> activity.apply(state.getValue()).ended())
                && computation.inFlight(cut).stream().noneMatch(each -> work.test(each.message()));
        return ended ? Optional.of(computation) : Optional.empty();
    }
}
