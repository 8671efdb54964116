package io.loggos.paxos.runtime.loop;

import io.loggos.api.LogId;
import io.loggos.api.spi.AcceptorLog;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.api.spi.Clock;
import io.loggos.api.spi.Meters;
import io.loggos.api.spi.Transport;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.runtime.agent.BackgroundWorker;
import io.loggos.paxos.runtime.replica.Applier;

/** What the logs of a node share. */
public record LogServices(
        NodeLoop loop,
        Applier applier,
        BackgroundWorker readWorker,
        BackgroundWorker checkpointWorker,
        AcceptorLog log,
        CheckpointStore checkpoints,
        Transport transport,
        Clock clock,
        Meters meters,
        Trace trace) {
    /** Is told what happens in the logs of a node; for the simulation. */
    @FunctionalInterface
    public interface Trace {
        /** Tells nobody. */
        Trace NONE = (log, event) -> {};

        void note(LogId log, PaxosEvent event);
    }
}
