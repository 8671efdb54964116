package io.loggos.paxos.sim.predicate;

import io.loggos.api.Bytes;
import io.loggos.paxos.core.model.Batch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The places of commands in the chosen prefix of a log, and those at which they take effect. */
public final class CommandPlaces {
    /** One command that is chosen, by its place. */
    public record ChosenCommand(long slot, int position, long session, long sequence, Bytes payload) {}

    private final Ghost ghost;
    private final Set<String> sessionSequences = new HashSet<>();
    private final Map<Long, Long> lowestOf = new HashMap<>();
    private final Map<Long, Long> effectiveSlot = new HashMap<>();
    /** The slots that hold a command with an id, by its value. */
    private final Map<Long, Set<Long>> placesOf = new HashMap<>();

    private final Set<Long> proposed = new HashSet<>();
    private final List<ChosenCommand> commands = new ArrayList<>();

    CommandPlaces(Ghost ghost) {
        this.ghost = ghost;
    }

    /** All commands, in order. */
    List<ChosenCommand> commands() {
        return commands;
    }

    void proposed(long value) {
        proposed.add(value);
    }

    /** The slot at which a value takes effect, if it does; else null. */
    @Nullable
    Long effectiveSlot(long value) {
        return effectiveSlot.get(value);
    }

    /** Takes the batch of the next slot. */
    void chosen(long slot, Batch batch) {
        batch.forEach(new ChosenBatch(slot));
    }

    private final class ChosenBatch implements Batch.Visitor {
        private final long slot;
        private int position;

        ChosenBatch(long slot) {
            this.slot = slot;
        }

        @Override
        public void command(long session, long sequence, long lowest, Bytes payload) {
            lowestOf.merge(session, lowest, Math::max);
            firstTimeAndProposed(new ChosenCommand(slot, position++, session, sequence, payload));
        }

        @Override
        public void request(long session, long sequence, long lowest, long after, UUID key, Bytes payload) {
            position++;
            long value = TestMachine.valueOf(payload);
            if (!proposed.contains(value)) {
                throw ghost.violate("MP2", "nobody proposed " + value);
            }
            placesOf.computeIfAbsent(value, unused -> new HashSet<>()).add(slot);
        }
    }

    /** MP2, MP12: of the places that a command has in the log, the first is the one where it takes effect. */
    private void firstTimeAndProposed(ChosenCommand command) {
        long value = TestMachine.valueOf(command.payload());
        if (!proposed.contains(value)) {
            throw ghost.violate("MP2", "nobody proposed " + value);
        }
        boolean first = sessionSequences.add(command.session() + "/" + command.sequence());
        if (first && command.sequence() >= lowestOf.get(command.session())) {
            if (effectiveSlot.put(value, command.slot()) != null) {
                throw ghost.violate("MP12", "value " + value + " takes effect twice, again at slot " + command.slot());
            }
            commands.add(command);
        }
    }

    void applies(int node, long slot, Bytes command) {
        long value = TestMachine.valueOf(command);
        if (placesOf.containsKey(value)) {
            appliesRequest(node, slot, value);
            return;
        }
        Long right = effectiveSlot.get(value);
        if (right == null || right != slot) {
            throw ghost.violate(
                    right == null ? "MP8" : "MP12",
                    "node " + node + " applies " + value + " at slot " + slot + ", its place is " + right);
        }
    }

    /** MP8, MP31: a command with an id takes effect in one of its slots, the same on all nodes. */
    private void appliesRequest(int node, long slot, long value) {
        if (!placesOf.get(value).contains(slot)) {
            throw ghost.violate("MP8", "node " + node + " applies " + value + " at slot " + slot + ", where it is not");
        }
        Long before = effectiveSlot.putIfAbsent(value, slot);
        if (before != null && before != slot) {
            throw ghost.violate(
                    "MP31",
                    "node " + node + " applies " + value + " at slot " + slot + ", it took effect at " + before);
        }
    }
}
