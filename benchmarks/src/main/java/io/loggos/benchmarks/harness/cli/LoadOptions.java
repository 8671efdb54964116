package io.loggos.benchmarks.harness.cli;

import io.loggos.api.replica.ReplicaOptions;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Options of a load: operations in flight, payload and warm-up. A command takes them in as a {@link Mixin}. */
public final class LoadOptions {
    /** Highest number of operations in flight: more makes no sense with 2 GiB of heap. */
    private static final int MOST_IN_FLIGHT = 1 << 16;

    private static final int MOST_WARM_UP_SECONDS = 3600;

    /** Largest command that a replica takes. */
    private static final int MOST_PAYLOAD_BYTES = ReplicaOptions.defaults().maxCommandBytes();

    @Option(
            names = "--in-flight",
            order = 10,
            split = ",",
            paramLabel = "N",
            defaultValue = "1,64,1024",
            description = "Operations under way at any time. Default: ${DEFAULT-VALUE}")
    private List<Integer> inFlight = new ArrayList<>();

    @Option(
            names = "--payload",
            order = 11,
            split = ",",
            paramLabel = "BYTES",
            defaultValue = "256",
            description = "Size of a command. Default: ${DEFAULT-VALUE}")
    private List<Integer> payloadBytes = new ArrayList<>();

    @Option(
            names = "--warm-up",
            order = 12,
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "How long each runs before it is measured, so that it is compiled. Default: by command, less"
                    + " with --short.")
    private int warmUpSeconds;

    /** Returns the seconds of warm-up, or the given default if none were asked for. */
    public int warmUpSecondsOr(int otherwise) {
        return warmUpSeconds == 0 ? otherwise : warmUpSeconds;
    }

    /** Returns the numbers of operations in flight, each once. */
    public List<Integer> inFlight() {
        return inFlight.stream().distinct().toList();
    }

    /** Returns the payload sizes, each once. */
    public List<Integer> payloadBytes() {
        return payloadBytes.stream().distinct().toList();
    }

    /**
     * Checks the numbers. The operations in flight must fit into a replica before it is overloaded.
     *
     * @throws ParameterException if something is wrong with them
     */
    public void check(CommonOptions common) {
        common.requireBetween("--in-flight", inFlight, 1, MOST_IN_FLIGHT);
        common.requireBetween("--payload", payloadBytes, 1, MOST_PAYLOAD_BYTES);
        if (warmUpSeconds < 0 || warmUpSeconds > MOST_WARM_UP_SECONDS) {
            throw common.misuse("--warm-up is 1 to " + MOST_WARM_UP_SECONDS + ", not " + warmUpSeconds);
        }
        long most = ReplicaOptions.defaults().maxPendingBytes();
        for (int each : inFlight) {
            for (int bytes : payloadBytes) {
                if ((long) each * bytes > most) {
                    throw common.misuse(
                            each + " in flight of " + bytes + " bytes are more than the " + most + " bytes that fit");
                }
            }
        }
    }
}
