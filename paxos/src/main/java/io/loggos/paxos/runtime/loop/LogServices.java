package io.loggos.paxos.runtime.loop;

import io.loggos.api.LogId;
import io.loggos.api.spi.AcceptorLog;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.api.spi.Meters;
import io.loggos.api.spi.Transport;
import io.loggos.internal.loop.EventLoop;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.runtime.agent.BackgroundWorker;
import io.loggos.paxos.runtime.replica.Applier;

/** The parts of a node that its logs share. */
public record LogServices(
        EventLoop loop,
        OpenLogs logs,
        TurnOutbox outbox,
        Timers timers,
        Applier applier,
        BackgroundWorker readWorker,
        AcceptorLog log,
        CheckpointStore checkpoints,
        Transport transport,
        Meters meters,
        Trace trace) {
    /** Receives the events of a node's logs. For the simulation. */
    @FunctionalInterface
    public interface Trace {
        /** Drops every event. */
        Trace NONE = (log, event) -> {};

        /** Receives an event of a log. */
        void note(LogId log, PaxosEvent event);
    }
}
