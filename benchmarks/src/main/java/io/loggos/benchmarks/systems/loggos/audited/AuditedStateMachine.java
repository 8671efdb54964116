package io.loggos.benchmarks.systems.loggos.audited;

import io.loggos.api.Bytes;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.StateMachine;
import io.loggos.benchmarks.harness.trial.GapTracker;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * State machine that records the {@link AuditedCommand}s that it has applied, and repeated ones. It also keeps a
 * running hash of all, so that two replicas can be compared.
 */
public final class AuditedStateMachine implements StateMachine {
    private static final String FILE = "state";

    /** Figures that must be equal at two replicas. */
    public record State(long commands, long repeated, long hash) {}

    private final GapTracker gaps;
    private final CRC32C crc = new CRC32C();
    private final TreeMap<Long, BitSet> applied = new TreeMap<>();
    private long commands;
    private long repeated;
    private long hash;

    /**
     * Creates a state machine that has applied nothing.
     *
     * @param gaps records each command that is applied
     */
    public AuditedStateMachine(GapTracker gaps) {
        this.gaps = gaps;
    }

    @Override
    public Bytes apply(Command command) {
        Bytes payload = command.payload();
        crc.reset();
        crc.update(payload.backingArray(), payload.backingOffset(), payload.size());
        hash = (hash ^ crc.getValue() ^ (command.slot().value() << 32)) * 0x9E37_79B9_7F4A_7C15L;
        hash ^= hash >>> 29;
        commands++;
        if (payload.size() >= AuditedCommand.LEAST_BYTES) {
            ByteBuffer bytes =
                    ByteBuffer.wrap(payload.backingArray(), payload.backingOffset(), AuditedCommand.LEAST_BYTES);
            BitSet ofOrigin = applied.computeIfAbsent(bytes.getLong(), unused -> new BitSet());
            int sequence = Math.toIntExact(bytes.getLong());
            repeated += ofOrigin.get(sequence) ? 1 : 0;
            ofOrigin.set(sequence);
        }
        gaps.event(System.nanoTime());
        return Bytes.EMPTY;
    }

    /** Returns the state. For the thread that applies. */
    public State state() {
        return new State(commands, repeated, hash);
    }

    /** Returns the number of these commands that are missing here. For the thread that applies. */
    public int missing(Acknowledged acknowledged) {
        BitSet expected = acknowledged.sequences();
        expected.andNot(applied.getOrDefault(acknowledged.origin(), new BitSet()));
        return expected.cardinality();
    }

    @Override
    public CheckpointWriter checkpoint() {
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(captured)) {
            out.writeLong(commands);
            out.writeLong(repeated);
            out.writeLong(hash);
            out.writeInt(applied.size());
            for (Map.Entry<Long, BitSet> each : applied.entrySet()) {
                byte[] sequences = each.getValue().toByteArray();
                out.writeLong(each.getKey());
                out.writeInt(sequences.length);
                out.write(sequences);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return directory -> {
            try (BufferedOutputStream out = new BufferedOutputStream(Files.newOutputStream(directory.resolve(FILE)))) {
                captured.writeTo(out);
            }
        };
    }

    @Override
    public void restore(Path directory) throws IOException {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(directory.resolve(FILE))))) {
            commands = in.readLong();
            repeated = in.readLong();
            hash = in.readLong();
            applied.clear();
            for (int left = in.readInt(); left > 0; left--) {
                long origin = in.readLong();
                applied.put(origin, BitSet.valueOf(in.readNBytes(in.readInt())));
            }
        }
    }
}
