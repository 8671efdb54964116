package io.loggos.storage.kv.versions;

import io.loggos.api.Bytes;
import io.loggos.api.StorageException;
import io.loggos.storage.kv.rows.OrderedRows;
import io.loggos.storage.kv.rows.OrderedStore.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads changes of the past from EVENTS, some at a time. */
public final class ChangeHistory {
    /** Bytes of a row that is passed over, besides its content. */
    private static final int ROW_BYTES = 32;

    /**
     * Some successive changes.
     *
     * @param changes the wanted changes, all of each revision
     * @param through the last revision that was read
     */
    public record Page(List<Change> changes, long through) {}

    /** Changes of one revision were larger than allowed. */
    public static final class RevisionTooLargeException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RevisionTooLargeException(long revision, long mostBytes) {
            super("the wanted changes of revision " + revision + " have more than " + mostBytes + " bytes");
        }
    }

    private final OrderedRows rows;
    private final long newest;

    ChangeHistory(OrderedRows rows, long newest) {
        this.rows = rows;
        this.newest = newest;
    }

    /**
     * Reads whole revisions, at least one, from {@code from} on.
     *
     * @param from a revision from the compacted one on
     * @param wanted tells if the changes of a key are wanted; the others are passed over
     * @param previous true to read the versions before the changes
     * @param pageBytes number of bytes after which no other revision is begun
     * @param mostBytes largest number of bytes of wanted changes
     * @throws RevisionTooLargeException if the changes of {@code from} have more
     */
    public Page read(long from, Predicate<Bytes> wanted, boolean previous, long pageBytes, long mostBytes) {
        Reading reading = new Reading(from, wanted, previous, pageBytes, mostBytes);
        rows.scan(Table.EVENTS, RowKeys.event(from, 0), RowKeys.event(newest + 1, 0), reading::visit);
        return new Page(reading.changes, reading.through);
    }

    private final class Reading {
        private final List<Change> changes = new ArrayList<>();
        private final long from;
        private final Predicate<Bytes> wanted;
        private final boolean previous;
        private final long pageBytes;
        private final long mostBytes;

        private long through = newest;
        private long revision;
        /** The number of changes before those of the revision. */
        private int before;

        private long readBytes;
        private long wantedBytes;

        Reading(long from, Predicate<Bytes> wanted, boolean previous, long pageBytes, long mostBytes) {
            this.from = from;
            this.wanted = wanted;
            this.previous = previous;
            this.pageBytes = pageBytes;
            this.mostBytes = mostBytes;
            revision = from;
        }

        private boolean visit(Bytes position, Bytes row) {
            long at = RowKeys.revision(position);
            if (at != revision) {
                if (readBytes >= pageBytes) {
                    return endBefore(at);
                }
                revision = at;
                before = changes.size();
            }
            EventRow event = EventRow.read(row);
            readBytes += ROW_BYTES + row.size();
            if (!wanted.test(event.key)) {
                return true;
            }
            Change change = new Change(at, RowKeys.sub(position), event, previous ? version(event.previous) : null);
            changes.add(change);
            readBytes += change.sizeBytes() - row.size();
            wantedBytes += change.sizeBytes();
            if (wantedBytes <= mostBytes) {
                return true;
            }
            if (at == from) {
                throw new RevisionTooLargeException(at, mostBytes);
            }
            changes.subList(before, changes.size()).clear();
            return endBefore(at);
        }

        private boolean endBefore(long next) {
            through = next - 1;
            return false;
        }
    }

    /** Reads the version that was put at a position. It is there, since no event from the compacted one on lost it. */
    private @Nullable KeyRecord version(@Nullable Bytes position) {
        if (position == null) {
            return null;
        }
        Bytes row = rows.get(Table.EVENTS, position);
        if (row == null) {
            throw new StorageException(StorageException.Kind.CORRUPT, "no event put the version before a change");
        }
        return EventRow.read(row).record;
    }
}
