package io.loggos.storage.kv.maintenance;

import io.loggos.api.Bytes;
import io.loggos.api.StorageException;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.maintenance.Alarm;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.storage.kv.versions.VersionedStore;
import io.loggos.storage.kv.versions.VersionsSnapshot;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes commands for the upkeep, and refuses commands while there are alarms.
 *
 * <p>A comparison has a place in the log. Each replica captures its state there, and later reports its hash. The first
 * report counts as the right one: the log cannot tell which of two copies is corrupt.
 *
 * <p>All methods belong to the thread that applies commands, except {@link #alarms}.
 */
public final class MaintenanceRunner {
    private static final Logger LOG = LoggerFactory.getLogger(MaintenanceRunner.class);
    private static final int FORMAT = 1;
    private static final int ALARM_BYTES = 9;
    private static final Bytes ROW = Bytes.utf8("alarms");
    private static final Comparator<Alarm> ORDER =
            Comparator.comparing(Alarm::kind).thenComparing(Alarm::member, Long::compareUnsigned);

    private final VersionedStore versions;

    // Replicated.
    private final TreeSet<Alarm> raised = new TreeSet<>(ORDER);
    /** The slot of the last comparison, or 0. */
    private long comparison;
    /** The first hash that was reported for it; null if there was none. */
    private @Nullable Integer expected;

    private volatile List<Alarm> alarms = List.of();
    private BiConsumer<Long, VersionsSnapshot> comparing = (slot, snapshot) -> snapshot.close();

    /** Begins with the alarms that are in the store. */
    public MaintenanceRunner(VersionedStore versions) {
        this.versions = versions;
        load();
    }

    /** Sets who computes the hashes of this replica. It receives the slot, and a snapshot to close. */
    void onComparison(BiConsumer<Long, VersionsSnapshot> receiver) {
        comparing = receiver;
    }

    /** The alarms in ascending order. Any thread. */
    public List<Alarm> alarms() {
        return alarms;
    }

    /**
     * Executes a command and returns its answer.
     *
     * @throws MalformedException if the bytes are no command for the upkeep
     */
    public Bytes apply(Bytes bytes, long slot) {
        MaintenanceCommand command = MaintenanceCodec.decodeCommand(bytes);
        boolean changed = run(command, slot);
        if (changed) {
            versions.note(slot, sum(bytes));
            store();
        }
        return MaintenanceCodec.encodeAnswer(changed);
    }

    private static long sum(Bytes bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes.asByteBuffer());
        return sum.getValue();
    }

    private boolean run(MaintenanceCommand command, long slot) {
        if (command instanceof MaintenanceCommand.Raise raise) {
            return raise(raise.alarm());
        }
        if (command instanceof MaintenanceCommand.Disarm disarm) {
            boolean removed = raised.remove(disarm.alarm());
            if (removed) {
                LOG.info("disarmed: {}", disarm.alarm());
            }
            return removed;
        }
        if (command instanceof MaintenanceCommand.Report report) {
            return report(report);
        }
        comparison = slot;
        expected = null;
        comparing.accept(slot, versions.snapshot(List.of()));
        return true;
    }

    private boolean raise(Alarm alarm) {
        boolean added = raised.add(alarm);
        if (added) {
            LOG.warn("raised: {}", alarm);
        }
        return added;
    }

    private boolean report(MaintenanceCommand.Report report) {
        if (report.slot() != comparison) {
            return false;
        }
        if (expected == null) {
            expected = report.hash();
            return true;
        }
        if (expected == report.hash()) {
            return false;
        }
        LOG.error(
                "the copies differ at slot {}: member {} has the hash {}, another one {}",
                report.slot(),
                Long.toHexString(report.member()),
                report.hash(),
                expected);
        return raise(new Alarm(0, Alarm.Kind.CORRUPT));
    }

    /**
     * Refuses an operation that the alarms forbid.
     *
     * @throws KeyValueException if it is refused
     */
    public void admit(Operation operation) {
        if (!raised.isEmpty()) {
            admitChange();
            if (grows(operation)) {
                admitGrowth();
            }
        }
    }

    /** Refuses a command that needs more space if an alarm forbids it. */
    public void admitGrowth() {
        if (!raised.isEmpty()) {
            admitChange();
            if (has(Alarm.Kind.NO_SPACE)) {
                throw new KeyValueException(Reason.NO_SPACE, "there is an alarm: " + alarms);
            }
        }
    }

    /** Refuses a change if an alarm forbids all of them. */
    public void admitChange() {
        if (has(Alarm.Kind.CORRUPT)) {
            throw new KeyValueException(Reason.CORRUPT, "there is an alarm: " + alarms);
        }
    }

    private boolean has(Alarm.Kind kind) {
        for (Alarm alarm : raised) {
            if (alarm.kind() == kind) {
                return true;
            }
        }
        return false;
    }

    /** True if an operation may put a key. */
    static boolean grows(Operation operation) {
        if (operation instanceof Operation.Transaction transaction) {
            return transaction.then().stream().anyMatch(MaintenanceRunner::grows)
                    || transaction.otherwise().stream().anyMatch(MaintenanceRunner::grows);
        }
        return operation instanceof Operation.Put;
    }

    private void store() {
        ByteWriter writer = new ByteWriter(32).putByte(FORMAT).putInt(raised.size());
        raised.forEach(alarm -> MaintenanceCodec.write(writer, alarm));
        writer.putLong(comparison).putBoolean(expected != null).putInt(Objects.requireNonNullElse(expected, 0));
        versions.meta(ROW, writer.toBytes());
        alarms = List.copyOf(raised);
    }

    /** Replaces the alarms by those in the store. */
    public void load() {
        raised.clear();
        comparison = 0;
        expected = null;
        Bytes row = versions.meta(ROW);
        if (row != null) {
            try {
                read(new ByteReader(row));
            } catch (MalformedException e) {
                throw new StorageException(StorageException.Kind.CORRUPT, "alarms: " + e.getMessage(), e);
            }
        }
        alarms = List.copyOf(raised);
    }

    private void read(ByteReader reader) {
        int format = reader.getByte();
        if (format != FORMAT) {
            throw new StorageException(StorageException.Kind.OTHER_FORMAT, "alarms of format " + format);
        }
        for (int left = reader.getElementCount(ALARM_BYTES); left > 0; left--) {
            raised.add(MaintenanceCodec.readAlarm(reader));
        }
        comparison = reader.getCount();
        boolean known = reader.getBoolean();
        int hash = reader.getInt();
        expected = known ? Integer.valueOf(hash) : null;
        reader.end();
    }
}
