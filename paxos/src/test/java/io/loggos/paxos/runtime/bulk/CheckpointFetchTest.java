package io.loggos.paxos.runtime.bulk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.paxos.core.process.RetryPause;
import io.loggos.paxos.runtime.agent.BackgroundWorker;
import io.loggos.snapshot.store.SnapshotStore;
import io.loggos.storage.checkpoint.DirectoryCheckpointStore;
import io.loggos.testkit.VirtualTime;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Transfers over a link with a round trip of 50 ms, in virtual time and with real files (RULES.md M-5, M-6, O-8).
 *
 * <p>The test plays the learner, which asks again after a pause.
 */
class CheckpointFetchTest {
    private static final LogId LOG = LogId.ofName("orders");
    private static final NodeId RECEIVER = NodeId.of(1);
    private static final NodeId SOURCE = NodeId.of(2);
    private static final NodeId OTHER = NodeId.of(3);
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    private static final long ONE_WAY = 25 * MILLI;

    @TempDir
    Path directory;

    private final VirtualTime time = new VirtualTime();
    private final List<String> missed = new ArrayList<>();
    private final List<Long> installed = new ArrayList<>();
    private final RetryPause pause = new RetryPause(100 * MILLI, 2 * SECOND, 1);

    private BackgroundWorker worker;
    private DirectoryCheckpointStore sourceStore;
    private DirectoryCheckpointStore receiverStore;
    private BulkServer server;
    private @Nullable BulkServer otherServer;
    private CheckpointFetch fetch;

    private NodeId next = SOURCE;
    private long chunkRequests;
    private long heldUntil;
    private long downUntil = Long.MIN_VALUE;
    private long chunkBytes;
    private long questions;
    private List<Long> interruptions = List.of();
    private int interrupted;

    @BeforeEach
    void open() {
        startSource();
        startReceiver();
    }

    private void startSource() {
        sourceStore = new DirectoryCheckpointStore(directory.resolve("source"));
        server = server(sourceStore, "source");
    }

    private BulkServer server(DirectoryCheckpointStore store, String name) {
        BulkServer made = new BulkServer(
                time,
                SnapshotStore.open(directory.resolve(name + "-snapshots"), SOURCE, DirectoryCheckpointStore::new));
        made.serve(LOG, store, new BulkServer.Owner() {
            @Override
            public void verify(CheckpointManifest doubted) {
                store.verify(doubted);
            }

            @Override
            public void holdCheckpointsUntil(long nanos) {
                heldUntil = nanos;
            }
        });
        return made;
    }

    /** Begins a life of the receiver; what the one before it still waits for is lost with it. */
    private void startReceiver() {
        BackgroundWorker[] made = new BackgroundWorker[1];
        made[0] = new BackgroundWorker(
                "checkpoint",
                () -> time.after(0, () -> {
                    if (worker == made[0]) {
                        made[0].doWork();
                    }
                }));
        worker = made[0];
        receiverStore = new DirectoryCheckpointStore(directory.resolve("receiver"));
        fetch = new CheckpointFetch(
                new SlowLink(),
                worker,
                receiverStore,
                new CheckpointFetch.Subject(RECEIVER, LOG),
                any -> true,
                new Learner());
    }

    /** Asks again after a pause. */
    private final class Learner implements CheckpointFetch.Listener {
        @Override
        public void installed(long slot) {
            installed.add(slot);
        }

        @Override
        public void missed(String reason, boolean progressed) {
            missed.add(reason);
            if (progressed) {
                pause.reset();
            }
            askAgain();
        }
    }

    private void askAgain() {
        CheckpointFetch life = fetch;
        pause.begin(time.nanos());
        time.after(pauseNanos(), () -> {
            if (life == fetch) {
                questions++;
                life.begin(next, 1);
            }
        });
    }

    private long pauseNanos() {
        long length = 0;
        while (pause.lasts(time.nanos() + length)) {
            length += MILLI;
        }
        return length;
    }

    /** A link that loses everything while it is down. Pieces may overtake each other. */
    private final class SlowLink extends RequestsOnly {
        @Override
        public void request(NodeId peer, Bytes request, Consumer<@Nullable Bytes> answer) {
            long jitter = Math.floorMod(31 * ++chunkRequests, 7) * MILLI;
            time.after(ONE_WAY, () -> {
                Bytes content = time.nanos() < downUntil ? null : serve(peer, request);
                time.after(ONE_WAY + jitter, () -> answer.accept(time.nanos() < downUntil ? null : content));
            });
        }

        private @Nullable Bytes serve(NodeId peer, Bytes request) {
            BulkServer asked = peer.equals(SOURCE) ? server : otherServer;
            Bytes content = asked == null ? null : asked.answer(request);
            if (content != null && BulkProtocol.decode(request) instanceof BulkProtocol.Chunk chunk) {
                chunkBytes += chunk.length();
                assertTrue(heldUntil > time.nanos(), "the source may drop the checkpoint at " + time.nanos());
                interrupt();
            }
            return content;
        }
    }

    /** Breaks the link for 20 s, or restarts the source or the receiver, each time so many bytes were sent. */
    private void interrupt() {
        if (interrupted < interruptions.size() && chunkBytes >= interruptions.get(interrupted)) {
            switch (interrupted++ % 3) {
                case 0 -> downUntil = time.nanos() + 20 * SECOND;
                case 1 -> {
                    startSource();
                    downUntil = time.nanos() + SECOND;
                }
                default -> {
                    startReceiver();
                    askAgain();
                }
            }
        }
    }

    /** Writes a checkpoint with a sparse file: some pages of content, and holes. */
    private static CheckpointManifest write(DirectoryCheckpointStore store, long slot, long bytes) throws IOException {
        return store.write(LOG, slot, Bytes.utf8("sessions"), into -> {
            Files.writeString(into.resolve("small"), "of slot " + slot);
            try (FileChannel large =
                    FileChannel.open(into.resolve("large"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                for (long at = 0; at < bytes - 8; at += Math.max(1, bytes / 50)) {
                    large.write(ByteBuffer.allocate(8).putLong(0, at + slot), at);
                }
                large.write(ByteBuffer.allocate(1), bytes - 1);
            }
        });
    }

    private void run(long mostNanos) {
        long end = time.nanos() + mostNanos;
        while (installed.isEmpty() && time.nextEventNanos() <= end) {
            time.runNext();
        }
    }

    /**
     * Fetches a checkpoint with ten interruptions; it ends in the time of its round trips, and few bytes come twice.
     */
    private void fetchWithTenInterruptions(long bytes) throws IOException {
        CheckpointManifest offered = write(sourceStore, 9, bytes);
        List<Long> at = new ArrayList<>();
        for (int i = 1; i <= 10; i++) {
            at.add(i * bytes / 11);
        }
        interruptions = at;
        fetch.begin(SOURCE, 1);
        long window = (long) CheckpointReceiver.MOST_UNDER_WAY * BulkProtocol.CHUNK_BYTES;
        long most = 3 * (bytes / window + 1) * 2 * ONE_WAY + 10 * 40 * SECOND;
        run(most);

        assertEquals(List.of(9L), installed, missed.toString());
        assertEquals(10, interrupted);
        assertEquals(offered, receiverStore.newest(LOG).orElseThrow());
        assertTrue(chunkBytes - bytes < 10 * 2 * window, (chunkBytes - bytes) + " bytes came twice");
        assertTrue(questions < 200, questions + " questions");
    }

    @Test
    void transferGoesOnAfterTenInterruptions() throws IOException {
        fetchWithTenInterruptions(256L << 20);
    }

    @Test
    @Tag("long")
    void transferOfSixteenGibibytesGoesOnAfterTenInterruptions() throws IOException {
        fetchWithTenInterruptions(16L << 30);
    }

    /** A source that has nothing to give is asked at growing distances. */
    @Test
    void sourceWithoutACheckpointIsNotAskedWithoutAPause() {
        fetch.begin(SOURCE, 1);
        run(100 * SECOND);
        assertEquals(List.of(), installed);
        assertTrue(questions >= 40 && questions <= 120, questions + " questions in 100 s");
    }

    /** A checkpoint that is here already needs no peer: it may be older than the state, and newer than the lost slot. */
    @Test
    void checkpointThatIsHereIsNotFetched() throws IOException {
        write(receiverStore, 5, 1_000);
        write(sourceStore, 9, 1_000);
        fetch.begin(SOURCE, 4);
        run(SECOND);
        assertEquals(List.of(5L), installed);
        assertEquals(0, chunkBytes);
    }

    /** RULES.md F-15: rot at the source is found by the receiver, and costs the source the checkpoint. */
    @Test
    void rottenCheckpointIsFetchedOnceAndThenTheOneBeforeIt() throws IOException {
        CheckpointManifest sound = write(sourceStore, 8, 1_000_000);
        CheckpointManifest rotten = write(sourceStore, 9, 1_000_000);
        Path file = sourceStore.directory(rotten).resolve("large");
        byte[] bytes = Files.readAllBytes(file);
        bytes[500_000] ^= 1;
        Files.write(file, bytes);
        fetch.begin(SOURCE, 1);
        run(100 * SECOND);
        assertEquals(List.of(8L), installed, missed.toString());
        assertEquals(sound, receiverStore.newest(LOG).orElseThrow());
        assertEquals(1, missed.size(), missed.toString());
    }

    /** A checkpoint that nobody has any more is given up for a newer one, but not at the first chance. */
    @Test
    void checkpointIsGivenUpOnlyIfItCannotBeFinished() throws IOException {
        CheckpointManifest first = write(sourceStore, 9, 20_000_000);
        interruptions = List.of(10_000_000L);
        fetch.begin(SOURCE, 1);
        while (interrupted == 0) {
            time.runNext();
        }
        downUntil = time.nanos() + SECOND;
        write(sourceStore, 10, 1_000_000);
        CheckpointManifest last = write(sourceStore, 11, 1_000_000);
        assertNotEquals(first, last);
        run(100 * SECOND);
        assertEquals(List.of(11L), installed, missed.toString());
        assertTrue(
                missed.stream()
                                .filter(reason -> reason.contains("of which a part is here"))
                                .count()
                        >= CheckpointFetch.PATIENCE - 5,
                missed.toString());
    }

    /** Another peer's checkpoint does not delete the part that is here, as long as the first source may come back. */
    @Test
    void transferGoesOnAtTheNodeWhereItBegan() throws IOException {
        write(sourceStore, 9, 20_000_000);
        DirectoryCheckpointStore others = new DirectoryCheckpointStore(directory.resolve("other"));
        write(others, 12, 1_000_000);
        otherServer = server(others, "other");
        interruptions = List.of(10_000_000L);
        fetch.begin(SOURCE, 1);
        while (interrupted == 0) {
            time.runNext();
        }
        downUntil = time.nanos() + SECOND;
        next = OTHER;
        run(100 * SECOND);
        assertEquals(List.of(9L), installed, missed.toString());
    }

    /** The part that came stays, and no file of it stays open. */
    @Test
    void fetchThatIsCancelledClosesItsFiles() throws IOException {
        write(sourceStore, 9, 20_000_000);
        interruptions = List.of(10_000_000L);
        Set<Object> open = new HashSet<>();
        CheckpointFetch cancelled = new CheckpointFetch(
                new SlowLink(),
                worker,
                watched(receiverStore, open),
                new CheckpointFetch.Subject(RECEIVER, LOG),
                any -> true,
                new Learner());
        cancelled.begin(SOURCE, 1);
        while (interrupted == 0) {
            time.runNext();
        }
        assertEquals(1, open.size());

        cancelled.cancel();
        run(SECOND);

        assertEquals(Set.of(), open);
        downUntil = time.nanos();
        long before = chunkBytes;
        fetch.begin(SOURCE, 1);
        run(100 * SECOND);
        assertEquals(List.of(9L), installed);
        assertTrue(chunkBytes - before < 15_000_000, chunkBytes - before + " bytes came after half was here");
    }

    /** A store that keeps the receipts which are open in a set. */
    private static CheckpointStore watched(CheckpointStore store, Set<Object> open) {
        return proxy(CheckpointStore.class, (itself, method, arguments) -> {
            Object result = method.invoke(store, arguments);
            if (!(result instanceof CheckpointStore.Incoming incoming)) {
                return result;
            }
            open.add(incoming);
            return proxy(CheckpointStore.Incoming.class, (receipt, call, given) -> {
                open.removeIf(each -> each.equals(incoming) && call.getName().equals("close"));
                return call.invoke(incoming, given);
            });
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
