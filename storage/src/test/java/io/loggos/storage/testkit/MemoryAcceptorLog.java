package io.loggos.storage.testkit;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.api.spi.AcceptorLog;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import io.loggos.api.spi.Roster;
import io.loggos.api.spi.StoreLives;
import io.loggos.api.spi.WriteMark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An acceptor log in memory: the model that other logs are compared with, and the simulated disk. What was not
 * synced is kept apart, and {@link #crash} forgets some of it. The object is the disk: it outlives the node that
 * uses it, {@link #close} does nothing, and {@link #reopen} stands for the next start.
 *
 * <p>For one thread. What it does is a function of the calls.
 */
public final class MemoryAcceptorLog implements AcceptorLog, Roster {
    /** Content that readers see: everything written since the log was opened, and before. */
    private Map<LogId, LogImage> current = new TreeMap<>();
    /** Content that a crash leaves for certain. */
    private Map<LogId, LogImage> durable = new TreeMap<>();
    /** The writes that lie between the two, oldest first. */
    private final List<List<LogRecord>> unsynced = new ArrayList<>();

    private Map<LogId, String> names = new TreeMap<>();
    private final long incarnation;
    private TreeMap<NodeId, Long> met = new TreeMap<>();
    private TreeSet<NodeId> rememberedBy = new TreeSet<>();
    /** The marks of the peers that readers see, and those that a crash leaves. */
    private TreeMap<NodeId, WriteMark> marks = new TreeMap<>();

    private TreeMap<NodeId, WriteMark> writtenMarks = new TreeMap<>();
    private StoreLives lives = new StoreLives(List.of());
    private @Nullable String fenced;
    private @Nullable Bytes membership;
    /** The number of writes that are synced, and the number of those with which the log was opened. */
    private long syncedWrites;

    private long openedWith;
    private @Nullable StorageException nextFailure;
    private @Nullable StorageException latched;

    /** An empty log. */
    public MemoryAcceptorLog(long incarnation) {
        if (incarnation <= 0) {
            throw new IllegalArgumentException("an incarnation is positive: " + incarnation);
        }
        this.incarnation = incarnation;
    }

    @Override
    public void register(LogId log, String name) {
        String known = names.putIfAbsent(log, name);
        if (known != null && !known.equals(name)) {
            throw new StorageException(
                    StorageException.Kind.OTHER_IDENTITY,
                    log + " is the number of '" + known + "'; '" + name
                            + "' has the same and cannot be kept beside it");
        }
    }

    @Override
    public Map<LogId, String> logs() {
        return new TreeMap<>(names);
    }

    @Override
    public RecoveredLog recover(LogId log) {
        LogImage image = current.get(log);
        return image == null ? RecoveredLog.EMPTY : image.recovered();
    }

    @Override
    public void write(List<LogRecord> records) {
        if (latched != null) {
            throw latched;
        }
        if (nextFailure != null) {
            latched = nextFailure;
            nextFailure = null;
            unsynced.add(List.copyOf(records));
            throw latched;
        }
        for (LogRecord record : records) {
            image(current, record.log()).apply(record);
        }
        unsynced.add(List.copyOf(records));
        if (records.stream().anyMatch(LogRecord::synced)) {
            writtenMarks.putAll(marks);
            sync();
        }
    }

    @Override
    public List<LogEntry> read(LogId log, long fromSlot, long throughSlot, int limitBytes) {
        LogImage image = current.get(log);
        return image == null ? List.of() : image.read(fromSlot, throughSlot, limitBytes);
    }

    @Override
    public void close() {}

    @Override
    public long incarnation() {
        return incarnation;
    }

    @Override
    public Optional<Long> met(NodeId peer) {
        return Optional.ofNullable(met.get(peer));
    }

    @Override
    public boolean meet(NodeId peer, long peerIncarnation) {
        Long known = met.putIfAbsent(peer, peerIncarnation);
        return known == null || known == peerIncarnation;
    }

    @Override
    public void replace(NodeId peer, long peerIncarnation) {
        Long known = met.put(peer, peerIncarnation);
        if (known == null || known != peerIncarnation) {
            marks.remove(peer);
            writtenMarks.remove(peer);
        }
    }

    @Override
    public Optional<Bytes> membership() {
        return Optional.ofNullable(membership);
    }

    @Override
    public void membership(Bytes newMembership) {
        membership = newMembership;
    }

    @Override
    public void rememberedBy(NodeId peer) {
        rememberedBy.add(peer);
    }

    @Override
    public Set<NodeId> rememberedBy() {
        return new TreeSet<>(rememberedBy);
    }

    @Override
    public void begin(long life) {
        lives = lives.with(lives.next(life, openedWith));
    }

    @Override
    public long lastLife() {
        return lives.last();
    }

    /** The lives that have begun on it. */
    public StoreLives lives() {
        return lives;
    }

    @Override
    public long syncedWrites() {
        return syncedWrites;
    }

    @Override
    public WriteMark markOf(NodeId peer) {
        return marks.getOrDefault(peer, WriteMark.NONE);
    }

    @Override
    public void note(NodeId peer, long life, long writes) {
        marks.put(peer, new WriteMark(met.getOrDefault(peer, 0L), life, writes));
    }

    @Override
    public boolean holds(WriteMark mark) {
        return mark.incarnation() != incarnation || lives.hold(mark, syncedWrites);
    }

    @Override
    public void fence(String reason) {
        fenced = fenced == null ? reason : fenced;
    }

    @Override
    public Optional<String> fenced() {
        return Optional.ofNullable(fenced);
    }

    /** Loses power: of the writes that were not synced, the last so many are gone. Each is wholly there or not. */
    public void crash(RandomGenerator random) {
        int kept = random.nextInt(unsynced.size() + 1);
        unsynced.subList(kept, unsynced.size()).clear();
        reopen();
    }

    /** Opens the log anew after its process ended or a write failed: what was written counts, and writes go on. */
    public void reopen() {
        sync();
        current = copyOf(durable);
        marks = new TreeMap<>(writtenMarks);
        openedWith = syncedWrites;
        latched = null;
        nextFailure = null;
    }

    /** Returns a copy of what is synced, as a backup of a disk has it. */
    public MemoryAcceptorLog copy() {
        MemoryAcceptorLog copy = new MemoryAcceptorLog(incarnation);
        copy.become(this);
        return copy;
    }

    /** Takes the content of a copy, as a disk does on which a backup is put back. A {@link #reopen} must follow. */
    public void become(MemoryAcceptorLog other) {
        unsynced.clear();
        durable = copyOf(other.durable);
        names = new TreeMap<>(other.names);
        met = new TreeMap<>(other.met);
        rememberedBy = new TreeSet<>(other.rememberedBy);
        writtenMarks = new TreeMap<>(other.writtenMarks);
        lives = other.lives;
        fenced = other.fenced;
        membership = other.membership;
        syncedWrites = other.syncedWrites;
        reopen();
    }

    /** Makes the next write fail, and all after it. Whether its records are there after {@link #crash} is open. */
    public void failNextWrite(StorageException cause) {
        nextFailure = cause;
    }

    /**
     * Lets the record of a slot rot on the disk, so what was written is synced first; returns false if there is none.
     * A later write to the slot replaces it.
     */
    public boolean corrupt(LogId log, long slot) {
        sync();
        boolean there = image(durable, log).corrupt(slot);
        image(current, log).corrupt(slot);
        return there;
    }

    /** Number of writes that a crash might take away. */
    public int unsyncedWrites() {
        return unsynced.size();
    }

    /** The ballot that is promised for certain: what a crash cannot take away. */
    public Ballot durablePromise(LogId log) {
        LogImage image = durable.get(log);
        return image == null ? Ballot.ZERO : image.recovered().promised();
    }

    /** The entry of a slot that is there for certain, or empty. */
    public Optional<LogEntry> durableEntry(LogId log, long slot) {
        LogImage image = durable.get(log);
        return image == null
                ? Optional.empty()
                : image.read(slot, slot, 0).stream().findFirst();
    }

    private void sync() {
        for (List<LogRecord> write : unsynced) {
            for (LogRecord record : write) {
                image(durable, record.log()).apply(record);
            }
        }
        syncedWrites += unsynced.size();
        unsynced.clear();
    }

    private static LogImage image(Map<LogId, LogImage> images, LogId log) {
        return images.computeIfAbsent(log, absent -> new LogImage());
    }

    private static Map<LogId, LogImage> copyOf(Map<LogId, LogImage> images) {
        Map<LogId, LogImage> copy = new TreeMap<>();
        images.forEach((log, image) -> copy.put(log, image.copy()));
        return copy;
    }
}
