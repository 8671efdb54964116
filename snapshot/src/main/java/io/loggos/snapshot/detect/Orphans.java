package io.loggos.snapshot.detect;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.InFlight;
import io.loggos.api.snapshot.StableProperty;
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
 * Objects that nobody can reach: from no root of any node a path of references leads to them, and none starts at a message
 * in flight. It is stable, since a reference can only be copied by who has it: to an object that nobody can reach nobody
 * can make a new one. References in messages count as roots, since they may be all that is left of a reference: its
 * sender may have dropped it, and its receiver does not have it yet.
 *
 * <p>"Unreachable" is not "idle". An object that is not in use, that nobody has called for a day, that belongs to a node
 * which does nothing: each of these may be used again, and none can be looked for in this way.
 *
 * <p>What is found may be deleted, however much later. What is not found could be reached when the snapshot began, or the
 * cut does not show the whole computation ({@link Computation#isWholeIn}); it may be an orphan since.
 *
 * @param computation all nodes that objects live on or that refer to some
 * @param states reads objects and references from the state of a node
 * @param messages reads what a message refers to. One that carries an object refers to all that the object refers to
 * @param <O> names an object, with {@code equals}
 */
public record Orphans<O>(
        Computation computation, Function<Bytes, References<O>> states, Function<Bytes, Collection<O>> messages)
        implements StableProperty<Map<O, NodeId>> {
    /** All orphans of the cut, each with the node that it is on. */
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
