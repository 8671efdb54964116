package io.loggos.paxos.core.configuration;

import io.loggos.api.Bytes;
import io.loggos.paxos.core.model.Batch;
import io.loggos.paxos.core.model.Configuration;
import org.jspecify.annotations.Nullable;

/** The last batch of a configuration, on the side of the leader that proposes it. Nothing is proposed behind it. */
public final class StopSign {
    /** The configuration that shall follow; null if none shall. */
    private @Nullable Configuration next;

    private boolean found;
    private boolean proposed;

    /** Wants a configuration to follow as soon as possible. */
    public void want(Configuration following) {
        next = following;
    }

    /** True if it shall be proposed, and was not, unless nothing is proposed now. */
    public boolean isDue(boolean held) {
        return next != null && !proposed && !held;
    }

    /** Notes a value that phase 1 has found, and that will be proposed. */
    public void found(Bytes value) {
        found |= Batch.isStopSign(value);
    }

    /** True if one is wanted, was found, or is proposed. */
    public boolean isComing() {
        return next != null || found || proposed;
    }

    /** True if it was proposed, by this leader's own wish or because phase 1 has found it. */
    public boolean isProposed() {
        return proposed;
    }

    /** Notes that a value is proposed. */
    public void proposes(Bytes value) {
        proposed |= Batch.isStopSign(value);
    }

    /** Returns the batch that is wanted. */
    public Bytes batch(long logTimeMillis) {
        if (next == null) {
            throw new IllegalStateException("no configuration is wanted");
        }
        return Batch.stopSign(logTimeMillis, next).bytes();
    }

    /** Forgets everything, because the leadership has ended. */
    public void clear() {
        next = null;
        found = false;
        proposed = false;
    }
}
