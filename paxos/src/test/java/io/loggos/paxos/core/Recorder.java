package io.loggos.paxos.core;

import io.loggos.api.NodeId;
import io.loggos.api.replica.LeadershipTransferException;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.model.Batch;
import io.loggos.paxos.core.model.Caller;
import io.loggos.paxos.core.model.CommandCaller;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.model.ReadCaller;
import io.loggos.paxos.core.model.SkipCaller;
import io.loggos.paxos.core.model.TransferCaller;
import io.loggos.paxos.core.process.Outbox;
import io.loggos.paxos.core.process.TimerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Records all effects of a step, in order. */
public final class Recorder implements Outbox<PaxosMessage, LogRecord>, Effects {
    /**
     * A message that left.
     *
     * @param to the receiver
     * @param message the message
     * @param durable true if it waits for the writes before it
     * @param after the number of writes before it
     */
    public record Sent(NodeId to, PaxosMessage message, boolean durable, int after) {}

    public record Applied(long slot, Batch batch, @Nullable List<@Nullable String> callers) {}

    public record LogRead(@Nullable NodeId requester, long fromSlot, long throughSlot) {}

    public record Fetch(NodeId source, long leastSlot) {}

    public record Failed(String caller, Failure failure) {}

    public final List<LogRecord> writes = new ArrayList<>();
    public final List<Sent> sent = new ArrayList<>();
    public final Map<TimerId, Long> timers = new LinkedHashMap<>();
    public final List<Applied> applied = new ArrayList<>();
    public final List<String> readsRun = new ArrayList<>();
    public final List<Failed> failed = new ArrayList<>();
    public final List<LogRead> logReads = new ArrayList<>();
    public final List<Fetch> fetches = new ArrayList<>();
    public final List<Configuration> configured = new ArrayList<>();
    public final List<String> halts = new ArrayList<>();
    public final List<PaxosEvent> notes = new ArrayList<>();
    /** Answers of a disk that is full or slow. */
    public boolean room = true;
    /** True if all messages that wait for a write still do. */
    public boolean waiting;

    public long writingSinceNanos = Long.MAX_VALUE;

    /** The slots that were passed over, and not applied. */
    public final List<Long> skipped = new ArrayList<>();

    @Override
    public void skip(long slot, Batch batch, @Nullable CommandCaller @Nullable [] callers) {
        skipped.add(slot);
    }

    @Override
    public void skipEnded(SkipCaller caller, @Nullable String refusal) {
        caller.ended(refusal);
    }

    @Override
    public void persist(LogRecord write) {
        writes.add(write);
    }

    @Override
    public void sendNow(NodeId to, PaxosMessage message) {
        sent.add(new Sent(to, message, false, writes.size()));
    }

    @Override
    public void sendDurable(NodeId to, PaxosMessage message) {
        sent.add(new Sent(to, message, true, writes.size()));
    }

    /** Nothing waits for a write here, unless a test says that everything does. */
    @Override
    public void retract(BiPredicate<NodeId, PaxosMessage> useless) {
        if (waiting) {
            sent.removeIf(each -> each.durable && useless.test(each.to, each.message));
        }
    }

    @Override
    public boolean hasRoom() {
        return room;
    }

    @Override
    public long writingSinceNanos() {
        return writingSinceNanos;
    }

    @Override
    public void timer(TimerId id, long atNanos) {
        timers.put(id, atNanos);
    }

    @Override
    public void apply(long slot, Batch batch, @Nullable CommandCaller @Nullable [] callers) {
        List<@Nullable String> names = null;
        if (callers != null) {
            names = new ArrayList<>();
            for (CommandCaller caller : callers) {
                names.add(caller == null ? null : NamedCaller.nameOf(caller));
            }
        }
        applied.add(new Applied(slot, batch, names));
    }

    @Override
    public void runReads(List<ReadCaller> callers) {
        callers.forEach(caller -> readsRun.add(NamedCaller.nameOf(caller)));
    }

    @Override
    public void fail(Caller caller, Failure failure) {
        failed.add(new Failed(NamedCaller.nameOf(caller), failure));
    }

    @Override
    public void transferEnded(TransferCaller caller, LeadershipTransferException.@Nullable Reason failure) {
        caller.ended(failure);
    }

    @Override
    public void readLog(@Nullable NodeId requester, long fromSlot, long throughSlot) {
        logReads.add(new LogRead(requester, fromSlot, throughSlot));
    }

    @Override
    public void fetchCheckpoint(NodeId source, long leastSlot) {
        fetches.add(new Fetch(source, leastSlot));
    }

    @Override
    public void configured(Configuration configuration) {
        configured.add(configuration);
    }

    @Override
    public void halt(String reason) {
        halts.add(reason);
    }

    @Override
    public void note(PaxosEvent event) {
        notes.add(event);
    }

    /** Returns the sent messages of one type, to any node. */
    public <T extends PaxosMessage> List<T> all(Class<T> type) {
        return sent.stream()
                .map(Sent::message)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /** Returns the sent messages of one type to one node. */
    public <T extends PaxosMessage> List<T> to(int node, Class<T> type) {
        return sent.stream()
                .filter(each -> each.to.value() == node)
                .map(Sent::message)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /** Returns the records of one type. */
    public <T extends LogRecord> List<T> written(Class<T> type) {
        return writes.stream().filter(type::isInstance).map(type::cast).toList();
    }

    public List<Long> appliedSlots() {
        return applied.stream().map(Applied::slot).toList();
    }

    /** Forgets the sent messages and keeps the rest. */
    public void clearSent() {
        sent.clear();
    }
}
