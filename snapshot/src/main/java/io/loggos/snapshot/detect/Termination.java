package io.loggos.snapshot.detect;

import io.loggos.api.Bytes;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.StableProperty;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The end of a distributed computation: all its processes are passive, none of them waits for a timer, and no work is in
 * flight between them. It is stable, since a passive process becomes active only by work or by a timer, and only an active
 * one sends work or sets a timer: nobody is left to begin again. Looking at the states alone would not do: work on its way
 * from one process to another is in neither.
 *
 * <p>If it is found, the computation has ended before the snapshot did. If it is not found, the computation had not ended
 * when the snapshot began, or the cut does not show all of it ({@link Computation#isWholeIn}); it may have ended since.
 *
 * @param computation all processes that do its work
 * @param activity reads what a process was doing from the state it recorded
 * @param work whether a message is work. One that makes nobody active need not be
 */
public record Termination(Computation computation, Function<Bytes, Activity> activity, Predicate<Bytes> work)
        implements StableProperty<Computation> {
    /** Takes every message for work. */
    public Termination(Computation computation, Function<Bytes, Activity> activity) {
        this(computation, activity, message -> true);
    }

    /** The computation, if it has ended. */
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
