package io.loggos.snapshot.detect;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.StableProperty;
import io.loggos.api.snapshot.cut.InFlight;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Objects that cannot be reached: no path of references leads to them from a root of any node or from a message in
 * flight.
 *
 * <p>It is stable, since only the holder of a reference can copy it. So nobody can make a new reference to an object
 * that cannot be reached. References in messages count as roots. They may be the last ones: the sender may have dropped
 * its reference, and the receiver does not have it yet.
 *
 * <p>"Unreachable" is not "idle". An object that is not in use, that was not called for a day, or that belongs to an
 * inactive node may be used again. This class does not find such objects.
 *
 * <p>An orphan that is found may be deleted, however much later. Any other object could be reached when the snapshot
 * began, or the cut does not show the whole computation ({@link Computation#isWholeIn}). It may be an orphan since.
 *
 * @param computation all nodes that objects live on or that refer to some
 * @param states reads objects and references from the state of a node
 * @param messages reads what a message refers to. One that carries an object refers to all that the object refers to
 * @param <O> names an object, with {@code equals}
 */
public record Orphans<O>(
        Computation computation, Function<Bytes, References<O>> states, Function<Bytes, Collection<O>> messages)
        implements StableProperty<Map<O, NodeId>> {
    /** Returns all orphans of the cut, each with the node that it is on. */
    @Override
    public Optional<Map<O, NodeId>> find(GlobalSnapshot cut) {
        if (!computation.isWholeIn(cut)) {
            return Optional.empty();
        }
        SortedMap<NodeId, References<O>> read = new TreeMap<>(cut.states(computation.participant(), states));
        read.keySet().retainAll(computation.nodes());
        Map<O, List<O>> references = new LinkedHashMap<>();
        Map<O, NodeId> orphans = new LinkedHashMap<>();
        ArrayDeque<O> reached = new ArrayDeque<>();
        read.forEach((node, state) -> {
            references.putAll(state.objects());
            state.objects().keySet().forEach(object -> orphans.put(object, node));
            reached.addAll(state.roots());
        });
        for (InFlight<Bytes> sent : computation.inFlight(cut)) {
            reached.addAll(messages.apply(sent.message()));
        }

        Set<O> seen = new HashSet<>();
        while (!reached.isEmpty()) {
            O object = reached.remove();
            if (seen.add(object)) {
                orphans.remove(object);
                reached.addAll(references.getOrDefault(object, List.of()));
            }
        }
        return orphans.isEmpty() ? Optional.empty() : Optional.of(Collections.unmodifiableMap(orphans));
    }
}
