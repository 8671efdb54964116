package io.loggos.paxos.runtime.loop;

import io.loggos.api.NodeId;
import io.loggos.api.replica.LeadershipTransferException;
import io.loggos.api.replica.ReplicaHaltedException;
import io.loggos.api.spi.AcceptorLog;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.Meters;
import io.loggos.paxos.core.model.Batch;
import io.loggos.paxos.core.model.Caller;
import io.loggos.paxos.core.model.CommandCaller;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.core.model.ReadCaller;
import io.loggos.paxos.core.model.SkipCaller;
import io.loggos.paxos.core.model.TransferCaller;
import io.loggos.paxos.runtime.bulk.CheckpointFetch;
import io.loggos.paxos.runtime.replica.HandedOver;
import io.loggos.paxos.runtime.replica.LocalReplica;
import io.loggos.paxos.runtime.replica.StateMachineHost;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The effects of one log's protocol on the node. On the loop's thread. */
public final class LogEffects implements Effects {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogEffects.class);
    /** Bytes of one read for a peer, which gets them in one frame. */
    private static final int READ_BYTES = 1 << 20;

    private final LocalReplica replica;
    private final StateMachineHost host;
    private final LogServices services;
    private final Meters.Summary batchCommands;
    private final Map<PaxosEvent, Meters.Counter> notes = new EnumMap<>(PaxosEvent.class);
    private final CheckpointFetch fetch;
    private final HandedOver handedOver = new HandedOver();

    public LogEffects(LocalReplica replica, StateMachineHost host, LogServices services) {
        this.replica = replica;
        this.host = host;
        this.services = services;
        this.batchCommands = replica.meters().summary("loggos.batch.commands", "commands");
        this.fetch = new CheckpointFetch(
                services.transport(),
                host.checkpointTasks(),
                services.checkpoints(),
                new CheckpointFetch.Subject(replica.node(), replica.log()),
                checkpoint -> true,
                new Fetched());
    }

    /** The end of a fetch, brought to the state machine and then to the loop. */
    private final class Fetched implements CheckpointFetch.Listener {
        @Override
        public void installed(long slot) {
            services.applier().execute(host, this::restore, () -> {});
            services.applier().wake();
        }

        private void restore() {
            long restored = host.restore();
            if (restored < 0) {
                missed("it cannot be restored", false);
            } else {
                replica.waitsFor(null);
                Configuration ofSlotsBehind = host.configuration();
                services.loop()
                        .submit(now -> services.logs()
                                .with(replica, process -> process.installed(restored, ofSlotsBehind, now)));
            }
        }

        @Override
        public void missed(String reason, boolean progressed) {
            LOGGER.info("no checkpoint of log \"{}\" came: {}", replica.name(), reason);
            replica.waitsFor("a checkpoint, which did not come: " + reason);
            services.loop()
                    .submit(now -> services.logs()
                            .with(replica, process -> process.core().onCheckpointMissed(progressed, now)));
        }
    }

    private void inTurn(Consumer<LogProcess> step) {
        services.loop().submit(now -> services.logs().with(replica, step));
    }

    /** Gives up what is under way for a log that takes no part any more. */
    void cancel() {
        fetch.cancel();
    }

    void handedOver(List<ReadCaller> callers) {
        handedOver.add(callers.toArray(Caller[]::new));
    }

    /** Fails requests that the state machine has not come to in their time. Nothing tells if it will. */
    void expire(long now) {
        handedOver.expire(
                now,
                caller -> caller.fail(
                        replica.failure(caller instanceof ReadCaller ? Failure.UNAVAILABLE : Failure.OUTCOME_UNKNOWN)));
    }

    /** Closes what a fetch has open. Once none of its steps runs any more. */
    void end() {
        fetch.end();
    }

    @Override
    public void apply(long slot, Batch batch, @Nullable CommandCaller @Nullable [] callers) {
        handOver(batch, callers, () -> host.apply(slot, batch, callers));
    }

    @Override
    public void skip(long slot, Batch batch, @Nullable CommandCaller @Nullable [] callers) {
        LOGGER.warn("log \"{}\": slot {} is skipped, by an operator's decision", replica.name(), slot);
        handOver(batch, callers, () -> host.skip(slot, batch, callers));
    }

    private void handOver(Batch batch, @Nullable CommandCaller @Nullable [] callers, Runnable task) {
        batchCommands.record(batch.count());
        if (callers != null) {
            handedOver.add(callers);
        }
        services.applier().execute(host, task, () -> host.dropCommands(callers));
    }

    @Override
    public void skipEnded(SkipCaller caller, @Nullable String refusal) {
        caller.ended(refusal);
    }

    @Override
    public void runReads(List<ReadCaller> callers) {
        handedOver(callers);
        services.applier().execute(host, () -> host.runReads(callers), () -> host.dropReads(callers));
    }

    @Override
    public void fail(Caller caller, Failure failure) {
        caller.fail(replica.failure(failure));
    }

    @Override
    public void transferEnded(TransferCaller caller, LeadershipTransferException.@Nullable Reason failure) {
        caller.ended(failure);
    }

    @Override
    public void readLog(@Nullable NodeId requester, long fromSlot, long throughSlot) {
        AcceptorLog log = services.log();
        TurnOutbox outbox = services.outbox();
        int limitBytes = requester == null ? Limits.readAheadBytes(replica.options()) : READ_BYTES;
        // A chosen value may still be on its way to the disk, and the disk hold another one in its place.
        outbox.afterWrites(() -> services.readWorker().execute(() -> {
            try {
                List<LogEntry> entries = log.read(replica.log(), fromSlot, throughSlot, limitBytes);
                inTurn(process -> process.core().onLogRead(requester, fromSlot, entries, process.out()));
            } catch (RuntimeException e) {
                replica.halt(new ReplicaHaltedException(
                        "log \"" + replica.name() + "\": cannot be read at slot " + fromSlot, e));
            }
        }));
    }

    @Override
    public void fetchCheckpoint(NodeId source, long leastSlot) {
        replica.waitsFor("a checkpoint at slot " + leastSlot + " or later, from node " + source.value());
        fetch.begin(source, leastSlot);
    }

    @Override
    public void configured(Configuration configuration) {
        services.logs().configured();
    }

    @Override
    public void halt(String reason) {
        replica.halt(new ReplicaHaltedException("log \"" + replica.name() + "\": " + reason, null));
    }

    @Override
    public void note(PaxosEvent event) {
        notes.computeIfAbsent(event, unused -> replica.meters().counter("loggos.events", "event", event.toString()))
                .add(1);
        LOGGER.debug("log \"{}\": {}", replica.name(), event);
        services.trace().note(replica.log(), event);
    }
}
