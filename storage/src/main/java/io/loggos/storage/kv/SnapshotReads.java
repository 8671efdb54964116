package io.loggos.storage.kv;

import io.loggos.api.NodeClosedException;
import io.loggos.api.OverloadedException;
import io.loggos.api.UnavailableException;
import io.loggos.api.replica.ReadResult;
import io.loggos.api.replica.Result;
import io.loggos.storage.kv.rows.RowsSnapshot.SnapshotEndedException;
import io.loggos.storage.kv.versions.SnapshotCapture;
import io.loggos.storage.kv.versions.VersionsSnapshot;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs reads of ranges on threads of their own, each on a snapshot. So a large read holds up no command, and the answer
 * is built only at the replica that was asked. Safe for use by any thread.
 */
final class SnapshotReads {
    private static final int THREADS = 2;
    /** Number of reads that wait for a thread. */
    private static final int MOST_WAITING = 1024;

    private static final int ATTEMPTS = 3;

    private static final long LEAST_ANSWER_BYTES = 8L << 20;
    private static final long MOST_ANSWER_BYTES = 256L << 20;
    /** Part of the heap that one answer may take. */
    private static final int ANSWERS_PER_HEAP = 16;

    private final ExecutorService threads;
    private final long mostBytes;

    /** Creates threads that are started when they are needed. */
    SnapshotReads(String store) {
        this(store, mostAnswerBytes());
    }

    /** Returns the largest number of bytes that one answer may take. */
    static long mostAnswerBytes() {
        return Math.min(
                MOST_ANSWER_BYTES,
                Math.max(LEAST_ANSWER_BYTES, Runtime.getRuntime().maxMemory() / ANSWERS_PER_HEAP));
    }

    SnapshotReads(String store, long mostBytes) {
        this.mostBytes = mostBytes;
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS, THREADS, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), task -> {
                    Thread thread = new Thread(task, "loggos-read-" + store + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        threads = pool;
    }

    /**
     * Reads.
     *
     * @param ask runs a query in the order of commands
     * @param capture the query: takes a snapshot
     * @param read reads the snapshot
     */
    <T> CompletableFuture<Result<T>> read(
            Function<Supplier<VersionsSnapshot>, CompletableFuture<ReadResult<VersionsSnapshot>>> ask,
            Supplier<VersionsSnapshot> capture,
            Function<Reading, T> read) {
        SnapshotCapture query = new SnapshotCapture(capture);
        CompletableFuture<ReadResult<VersionsSnapshot>> asked = ask.apply(query);
        CompletableFuture<Result<T>> answer = asked.newIncompleteFuture();
        new Attempts<>(ask, capture, read, answer).follow(query, asked);
        return answer;
    }

    /** Refuses further reads. Those under way end with the state machine. */
    void close() {
        threads.shutdown();
    }

    private final class Attempts<T> {
        private final Function<Supplier<VersionsSnapshot>, CompletableFuture<ReadResult<VersionsSnapshot>>> ask;
        private final Supplier<VersionsSnapshot> capture;
        private final Function<Reading, T> read;
        private final CompletableFuture<Result<T>> answer;
        private int made = 1;

        Attempts(
                Function<Supplier<VersionsSnapshot>, CompletableFuture<ReadResult<VersionsSnapshot>>> ask,
                Supplier<VersionsSnapshot> capture,
                Function<Reading, T> read,
                CompletableFuture<Result<T>> answer) {
            this.ask = ask;
            this.capture = capture;
            this.read = read;
            this.answer = answer;
        }

        void follow(SnapshotCapture query, CompletableFuture<ReadResult<VersionsSnapshot>> asked) {
            CompletableFuture<?> unused = asked.whenComplete((seen, failure) -> captured(query, seen, failure));
        }

        private void captured(
                SnapshotCapture query, @Nullable ReadResult<VersionsSnapshot> seen, @Nullable Throwable failure) {
            if (seen == null) {
                query.abandon();
                answer.completeExceptionally(ReplicatedKeyValueStore.unwrapped(failure));
                return;
            }
            try {
                threads.execute(() -> run(seen));
            } catch (RejectedExecutionException e) {
                seen.value().close();
                answer.completeExceptionally(
                        threads.isShutdown()
                                ? new NodeClosedException("the store is closed")
                                : new OverloadedException("more than " + MOST_WAITING + " reads of ranges wait"));
            }
        }

        private void run(ReadResult<VersionsSnapshot> seen) {
            T outcome;
            try (VersionsSnapshot snapshot = seen.value()) {
                if (answer.isDone()) {
                    return;
                }
                outcome = read.apply(new Reading(snapshot, Cost.ofRead(mostBytes, answer::isDone)));
            } catch (SnapshotEndedException e) {
                again();
                return;
            } catch (RuntimeException | OutOfMemoryError e) {
                answer.completeExceptionally(e);
                return;
            }
            answer.complete(new Result<>(seen.slot(), outcome));
        }

        private void again() {
            if (threads.isShutdown()) {
                answer.completeExceptionally(new NodeClosedException("the store is closed"));
            } else if (made == ATTEMPTS) {
                answer.completeExceptionally(new UnavailableException("the state was replaced during the read"));
            } else {
                made++;
                SnapshotCapture query = new SnapshotCapture(capture);
                follow(query, ask.apply(query));
            }
        }
    }
}
