package io.loggos.paxos.runtime.replica.state;

import io.loggos.paxos.core.model.Configuration;

/** A state machine that is told of the stop-signs in its log. */
public interface ConfigurationObserver {
    /** Takes the configuration of the next slot. On the thread that applies commands, in slot order. */
    void configured(Configuration next);
}
