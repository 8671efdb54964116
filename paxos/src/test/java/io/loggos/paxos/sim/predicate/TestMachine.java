package io.loggos.paxos.sim.predicate;

import io.loggos.api.Bytes;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.StateMachine;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A state machine that knows its whole past by a hash: registers by number. A command sets one and is answered
 * with what was in it.
 */
public final class TestMachine implements StateMachine {
    private final TreeMap<Integer, Long> registers = new TreeMap<>();
    private long hash = 17;
    private long slot;
    private long lastLogTime;
    /** Errors of the next answer, and of all digests of the state. */
    private long wrongAnswer;

    private long wrongState;
    private Runnable afterCommand = () -> {};
    private final Ghost ghost;
    private final int node;

    public TestMachine(Ghost ghost, int node) {
        this.ghost = ghost;
        this.node = node;
    }

    /** A command: which register, what to set it to (unique over the run), and filling. */
    public static Bytes set(int register, long value, int fillerBytes) {
        return new ByteWriter(12 + fillerBytes)
                .putInt(register)
                .putLong(value)
                .putRaw(Bytes.wrap(new byte[fillerBytes]))
                .toBytes();
    }

    public static long valueOf(Bytes command) {
        ByteReader reader = new ByteReader(command);
        reader.getInt();
        return reader.getLong();
    }

    public static int registerOf(Bytes command) {
        return new ByteReader(command).getInt();
    }

    public long read(int register) {
        return registers.getOrDefault(register, 0L);
    }

    /** Runs something after each command, such as to let time pass. */
    public void whenApplied(Runnable action) {
        afterCommand = action;
    }

    /** Plants a difference: the next answer is wrong by so much. */
    public void answersWrongly(long by) {
        ghost.plantsDifference();
        wrongAnswer = by;
    }

    /** Plants a difference: the state is another one from now on, as its digest shows. */
    public void keepsWrongly(long by) {
        ghost.plantsDifference();
        wrongState = by;
    }

    /** The slot of the last command. */
    public long slot() {
        return slot;
    }

    /** The log time of the last command, in milliseconds; 0 before the first. */
    public long logTimeMillis() {
        return lastLogTime;
    }

    @Override
    public Bytes apply(Command command) {
        ghost.applies(node, command.slot().value(), command.payload());
        if (command.slot().value() > slot) {
            ghost.reached(node, slot, hash);
            slot = command.slot().value();
        }
        long logTime = command.logTime().toEpochMilli();
        if (logTime < lastLogTime) {
            throw ghost.violate("log time", "goes back at slot " + slot);
        }
        lastLogTime = logTime;
        int register = registerOf(command.payload());
        long value = valueOf(command.payload());
        long before = read(register);
        registers.put(register, value);
        hash = hash * 1_000_003 + value * 31 + register + logTime;
        Bytes answer = new ByteWriter(8).putLong(before + wrongAnswer).toBytes();
        wrongAnswer = 0;
        afterCommand.run();
        return answer;
    }

    @Override
    public OptionalLong stateDigest() {
        return OptionalLong.of(hash + wrongState);
    }

    @Override
    public CheckpointWriter checkpoint() {
        ByteWriter writer = new ByteWriter(64)
                .putLong(hash)
                .putLong(slot)
                .putLong(lastLogTime)
                .putInt(registers.size());
        registers.forEach((register, value) -> writer.putInt(register).putLong(value));
        Bytes state = writer.toBytes();
        int half = state.size() / 2;
        return directory -> {
            Files.write(directory.resolve("a"), state.slice(0, half).toByteArray());
            Files.write(
                    directory.resolve("b"),
                    state.slice(half, state.size() - half).toByteArray());
        };
    }

    @Override
    public void restore(Path directory) throws IOException {
        byte[] first = Files.readAllBytes(directory.resolve("a"));
        byte[] second = Files.readAllBytes(directory.resolve("b"));
        ByteReader reader = new ByteReader(new ByteWriter(first.length + second.length)
                .putRaw(Bytes.wrap(first))
                .putRaw(Bytes.wrap(second))
                .toBytes());
        hash = reader.getLong();
        slot = reader.getLong();
        lastLogTime = reader.getLong();
        registers.clear();
        for (int left = reader.getInt(); left > 0; left--) {
            registers.put(reader.getInt(), reader.getLong());
        }
        ghost.reached(node, slot, hash);
    }
}
