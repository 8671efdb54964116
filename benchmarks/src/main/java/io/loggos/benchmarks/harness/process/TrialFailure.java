package io.loggos.benchmarks.harness.process;

/** Failure of a trial that cannot go on: an action on a cluster, or an answer of it, did not come in time. */
public final class TrialFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TrialFailure(String message) {
        super(message);
    }
}
