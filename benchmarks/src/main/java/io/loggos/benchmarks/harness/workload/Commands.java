package io.loggos.benchmarks.harness.workload;

import java.util.Random;

/**
 * Different payloads that cannot be compressed. They are made before the clocks run and then used in turn. For one
 * thread.
 */
public final class Commands {
    private static final long SEED = 1998;
    private static final int MOST = 1024;
    private static final int MOST_BYTES = 16 << 20;

    private final byte[][] payloads;
    private int next;

    public Commands(int payloadBytes) {
        payloads = new byte[Math.max(1, Math.min(MOST, MOST_BYTES / payloadBytes))][payloadBytes];
        Random random = new Random(SEED);
        for (byte[] payload : payloads) {
            random.nextBytes(payload);
        }
    }

    /** Returns the next payload, which must not be changed. */
    public byte[] next() {
        byte[] payload = payloads[next];
        next = next + 1 == payloads.length ? 0 : next + 1;
        return payload;
    }
}
