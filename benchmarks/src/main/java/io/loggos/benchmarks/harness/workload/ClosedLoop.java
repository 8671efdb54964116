package io.loggos.benchmarks.harness.workload;

/**
 * Loop with a fixed number of operations in flight: each completion makes room for one more. One thread drives it; the
 * operations may complete on any.
 *
 * <p>A closed loop slows down with the system that it measures. Its latencies are those of a caller that waits for
 * room. For callers that arrive at any time see {@link OpenLoop}.
 */
public final class ClosedLoop implements Loop {
    private final Work work;
    private final Measurement measurement;
    private final Latencies latencies;
    private final Completions completions = new Completions(Clock.SYSTEM);
    private final Operation[] operations;
    private int underWay;
    private long succeeded;

    public ClosedLoop(int inFlight, Work work, Measurement measurement) {
        this.work = work;
        this.measurement = measurement;
        this.latencies = measurement.newLatencies();
        this.operations = new Operation[inFlight];
        for (int i = 0; i < inFlight; i++) {
            operations[i] = new Operation(completions);
        }
    }

    /** Fills the loop. */
    @Override
    public void begin() {
        work.begin();
        for (Operation operation : operations) {
            start(operation);
            underWay++;
        }
    }

    /** Waits for an operation, records it and those that have completed with it, and starts as many. */
    @Override
    public void step() {
        Operation operation = completions.awaitSome();
        while (operation != null) {
            Operation following = operation.next;
            record(operation);
            start(operation);
            operation = following;
        }
    }

    @Override
    public void end() {
        work.end();
        while (underWay > 0) {
            for (Operation operation = completions.awaitSome(); operation != null; operation = operation.next) {
                record(operation);
                underWay--;
            }
        }
    }

    @Override
    public long succeeded() {
        return succeeded;
    }

    private void start(Operation operation) {
        operation.start(completions.nanos());
        try {
            work.start(operation);
        } catch (RuntimeException e) {
            operation.complete(e);
        }
    }

    private void record(Operation operation) {
        Throwable failure = operation.failure();
        if (failure == null) {
            succeeded++;
            latencies.completed(operation.nanos(), 1);
        } else {
            measurement.failed(failure);
        }
    }
}
