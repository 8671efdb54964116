package io.loggos.paxos.sim.predicate;

import io.loggos.testkit.Violation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Judge of linearizability by the order of slots. Every answer carries its slot, so the order that the system claims is known.
 * It remains to check that the claim is an order of real time and explains each answer.
 */
public final class History {
    /** One operation as its client saw it. */
    public static final class Operation {
        final boolean isWrite;
        final int register;
        final long value;
        final long calledAt;
        long returnedAt = Long.MAX_VALUE;
        long slot;
        long answer;
        private boolean answered;
        private boolean refused;

        public Operation(boolean isWrite, int register, long value, long calledAt) {
            this.isWrite = isWrite;
            this.register = register;
            this.value = value;
            this.calledAt = calledAt;
        }

        public void answered(long at, long atSlot, long withAnswer) {
            returnedAt = at;
            slot = atSlot;
            answer = withAnswer;
            answered = true;
        }

        public void failed(long at, boolean unknown) {
            returnedAt = at;
            refused = !unknown;
        }

        public boolean known() {
            return answered;
        }

        @Override
        public String toString() {
            return (isWrite ? "write " + value : "read") + " of " + register + " [" + calledAt + ", " + returnedAt
                    + "] slot " + slot + " answer " + answer;
        }
    }

    private History() {}

    /**
     * Judges a history against the chosen commands.
     *
     * @throws Violation if it is not linearizable in the order of the slots
     */
    public static void judge(List<Operation> operations, List<CommandPlaces.ChosenCommand> chosen) {
        realTime(operations);
        refusedHadNoEffect(operations, chosen);
        answers(operations, chosen);
    }

    private static void realTime(List<Operation> operations) {
        List<Operation> known = operations.stream().filter(Operation::known).toList();
        List<Operation> byReturn = new ArrayList<>(known);
        byReturn.sort(Comparator.comparingLong(operation -> operation.returnedAt));
        List<Operation> byCall = new ArrayList<>(known);
        byCall.sort(Comparator.comparingLong(operation -> operation.calledAt));
        long highest = 0;
        long highestWrite = 0;
        int returned = 0;
        for (Operation operation : byCall) {
            while (returned < byReturn.size() && byReturn.get(returned).returnedAt < operation.calledAt) {
                Operation before = byReturn.get(returned++);
                highest = Math.max(highest, before.slot);
                highestWrite = before.isWrite ? Math.max(highestWrite, before.slot) : highestWrite;
            }
            if (operation.slot < highest || (operation.isWrite && operation.slot <= highestWrite)) {
                throw new Violation("order", operation + " was called after slot " + highest + " was answered");
            }
        }
    }

    private static void refusedHadNoEffect(List<Operation> operations, List<CommandPlaces.ChosenCommand> chosen) {
        Set<Long> effective = new HashSet<>();
        chosen.forEach(command -> effective.add(TestMachine.valueOf(command.payload())));
        for (Operation operation : operations) {
            if (operation.isWrite && operation.refused && effective.contains(operation.value)) {
                throw new Violation("outcome", operation + " was refused and took effect");
            }
        }
    }

    private static void answers(List<Operation> operations, List<CommandPlaces.ChosenCommand> chosen) {
        Map<Long, Operation> writes = new HashMap<>();
        List<Operation> reads = new ArrayList<>();
        for (Operation operation : operations) {
            if (operation.isWrite && operation.known()) {
                writes.put(operation.value, operation);
            } else if (operation.known()) {
                reads.add(operation);
            }
        }
        reads.sort(Comparator.comparingLong(read -> read.slot));
        Map<Integer, Long> registers = new HashMap<>();
        int nextRead = 0;
        for (CommandPlaces.ChosenCommand command : chosen) {
            while (nextRead < reads.size() && reads.get(nextRead).slot < command.slot()) {
                check(reads.get(nextRead++), registers);
            }
            long value = TestMachine.valueOf(command.payload());
            Operation write = writes.remove(value);
            if (write != null) {
                if (write.slot != command.slot()) {
                    throw new Violation("answer", write + " took effect at slot " + command.slot());
                }
                check(write, registers);
            }
            registers.put(TestMachine.registerOf(command.payload()), value);
        }
        while (nextRead < reads.size()) {
            check(reads.get(nextRead++), registers);
        }
        if (!writes.isEmpty()) {
            throw new Violation("lost", writes.values().iterator().next() + " was acknowledged and is not there");
        }
    }

    private static void check(Operation operation, Map<Integer, Long> registers) {
        long right = registers.getOrDefault(operation.register, 0L);
        if (operation.answer != right) {
            throw new Violation("answer", operation + " should have seen " + right);
        }
    }
}
