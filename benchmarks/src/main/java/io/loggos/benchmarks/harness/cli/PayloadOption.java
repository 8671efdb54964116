package io.loggos.benchmarks.harness.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The size of a command, as one number. A trial takes this in as a {@link Mixin}. */
public final class PayloadOption {
    @Option(
            names = "--payload",
            paramLabel = "BYTES",
            defaultValue = "256",
            description = "size of a command Default: ${DEFAULT-VALUE}")
    private int bytes;

    /** Returns the size in bytes, unchecked. */
    public int bytes() {
        return bytes;
    }
}
