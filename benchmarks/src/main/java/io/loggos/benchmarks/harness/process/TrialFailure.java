package io.loggos.benchmarks.harness.process;

/** A trial cannot go on: what it did to a cluster, or asked of it, did not happen in time. */
public final class TrialFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TrialFailure(String message) {
        super(message);
    }
}
