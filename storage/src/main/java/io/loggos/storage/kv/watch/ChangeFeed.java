package io.loggos.storage.kv.watch;

import io.loggos.storage.kv.versions.Change;
import io.loggos.storage.kv.versions.ChangeListener;
import io.loggos.storage.kv.watch.core.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The live stream of changes, from the thread that applies commands to the one that serves watches. It is bounded: what
 * finds no room is left out, and the receiver learns that from the revisions. The applying thread never waits. Changes
 * that no watch wants wait in the queue and wake nobody. While there is no watch it does nothing here.
 */
public final class ChangeFeed implements ChangeListener {
    private static final long QUEUED_BYTES = 16L << 20;
    private static final long REVISION_BYTES = 1L << 20;

    /** Bytes of revisions that nobody waits for, after which the receiver is woken to take them. */
    private static final long UNWANTED_BYTES = 256 << 10;

    private final long mostQueuedBytes;
    private final long mostRevisionBytes;
    private final ConcurrentLinkedQueue<Revision> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final Interests interests = new Interests();
    private volatile boolean open;
    private volatile boolean previousWanted;
    private volatile long missedThrough;
    private volatile Runnable wake = () -> {};

    // Owned by the applying thread.
    private @Nullable Change first;
    private @Nullable List<Change> all;
    private long bytes;
    private boolean collecting;

    /** Creates a feed with the usual bounds. */
    public ChangeFeed() {
        this(QUEUED_BYTES, REVISION_BYTES);
    }

    /**
     * Creates a feed.
     *
     * @param mostQueuedBytes bytes of revisions in the queue after which it takes no other
     * @param mostRevisionBytes largest number of bytes of a revision that it takes
     */
    public ChangeFeed(long mostQueuedBytes, long mostRevisionBytes) {
        this.mostQueuedBytes = mostQueuedBytes;
        this.mostRevisionBytes = mostRevisionBytes;
    }

    /** Begins to take changes. Those of a revision that is just being made may be missed. */
    void open(Runnable whenThereIsSomething) {
        queue.clear();
        queuedBytes.set(0);
        wake = whenThereIsSomething;
        open = true;
    }

    /** Returns the keys of which changes wake the receiver. They are changed by the receiver. */
    Interests interests() {
        return interests;
    }

    void close() {
        open = false;
        previousWanted = false;
    }

    boolean isOpen() {
        return open;
    }

    /** Sets if the versions before changes are read. */
    void wantPrevious(boolean wanted) {
        if (previousWanted != wanted) {
            previousWanted = wanted;
        }
    }

    /** Takes the oldest revision, or null. One thread at a time. */
    @Nullable
    Revision poll() {
        Revision revision = queue.poll();
        if (revision != null) {
            queuedBytes.addAndGet(-revision.bytes());
        }
        return revision;
    }

    /** Returns a revision up to which some were left out. Those that are queued now were made before it or after it. */
    long missedThrough() {
        return missedThrough;
    }

    @Override
    public boolean begins(int sub) {
        if (sub == 0) {
            collecting = open;
            first = null;
            all = null;
            bytes = 0;
        }
        return collecting;
    }

    @Override
    public boolean wantsPrevious() {
        return previousWanted;
    }

    @Override
    public void changed(Change change) {
        bytes += change.sizeBytes();
        if (bytes > mostRevisionBytes) {
            collecting = false;
            first = null;
            all = null;
        } else if (first == null) {
            first = change;
        } else {
            if (all == null) {
                all = new ArrayList<>();
                all.add(first);
            }
            all.add(change);
        }
    }

    @Override
    public void reached(long revision) {
        Change one = first;
        List<Change> many = all;
        boolean complete = collecting && one != null && one.revision() == revision;
        collecting = false;
        first = null;
        all = null;
        if (!open) {
            return;
        }
        if (complete && one != null && queuedBytes.get() < mostQueuedBytes) {
            List<Change> changes = many == null ? List.of(one) : many;
            long queued = queuedBytes.addAndGet(bytes);
            queue.add(new Revision(revision, changes, bytes));
            // After the queue: who adds an interest takes from the queue afterwards.
            if (queued < UNWANTED_BYTES && !isWanted(changes)) {
                return;
            }
        } else {
            missedThrough = revision;
        }
        wake.run();
    }

    private boolean isWanted(List<Change> changes) {
        for (Change change : changes) {
            if (interests.contains(change.key())) {
                return true;
            }
        }
        return false;
    }
}
