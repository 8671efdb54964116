package io.loggos.paxos.runtime.replica.state;

import io.loggos.api.replica.StateMachine;
import io.loggos.paxos.core.model.Batch;
import io.loggos.paxos.core.model.Configuration;
import org.jspecify.annotations.Nullable;

/** The configuration of the slot behind the last one applied. */
public final class AppliedConfiguration {
    private final @Nullable ConfigurationObserver observer;
    private @Nullable Configuration present;

    public AppliedConfiguration(StateMachine machine) {
        this.observer = machine instanceof ConfigurationObserver observing ? observing : null;
    }

    /** The configuration; null if it is the first one. */
    public @Nullable Configuration get() {
        return present;
    }

    /** Takes that of a checkpoint. */
    public void restore(@Nullable Configuration ofCheckpoint) {
        present = ofCheckpoint;
    }

    /** Takes the batch of the next slot, which may be a stop-sign. */
    public void apply(Batch batch) {
        Configuration next = batch.next();
        if (next != null) {
            present = next;
            if (observer != null) {
                observer.configured(next);
            }
        }
    }
}
