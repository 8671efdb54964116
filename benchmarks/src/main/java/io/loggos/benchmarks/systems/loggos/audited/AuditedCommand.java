package io.loggos.benchmarks.systems.loggos.audited;

import io.loggos.api.Bytes;
import java.nio.ByteBuffer;
import java.util.Random;

/** Commands that name their origin and their number: origin (8 bytes), sequence (8), and random bytes. */
public final class AuditedCommand {
    /** Smallest size of a command. */
    public static final int LEAST_BYTES = 2 * Long.BYTES;

    private AuditedCommand() {}

    /** Returns the random part, for {@link #of}. */
    public static byte[] filler(int payloadBytes, long seed) {
        byte[] filler = new byte[Math.max(payloadBytes, LEAST_BYTES)];
        new Random(seed).nextBytes(filler);
        return filler;
    }

    /** Returns one command. */
    public static Bytes of(long origin, int sequence, byte[] filler) {
        byte[] payload = filler.clone();
        ByteBuffer.wrap(payload).putLong(origin).putLong(sequence);
        return Bytes.wrap(payload);
    }
}
