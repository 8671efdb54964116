package io.loggos.benchmarks.workload;

import io.loggos.api.Bytes;
import java.util.Random;

/** Payloads that differ and cannot be compressed, made before the clocks run and then used in turn. For one thread. */
public final class Commands {
    private static final long SEED = 1998;
    private static final int MOST = 1024;
    private static final int MOST_BYTES = 16 << 20;

    private final Bytes[] payloads;
    private int next;

    public Commands(int payloadBytes) {
        payloads = new Bytes[Math.max(1, Math.min(MOST, MOST_BYTES / payloadBytes))];
        Random random = new Random(SEED);
        for (int i = 0; i < payloads.length; i++) {
            byte[] payload = new byte[payloadBytes];
            random.nextBytes(payload);
            payloads[i] = Bytes.wrap(payload);
        }
    }

    /** The next one. */
    public Bytes next() {
        Bytes payload = payloads[next];
        next = next + 1 == payloads.length ? 0 : next + 1;
        return payload;
    }
}
