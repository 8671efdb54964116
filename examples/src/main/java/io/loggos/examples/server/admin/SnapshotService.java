package io.loggos.examples.server.admin;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.loggos.api.LoggosException;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.api.node.Node;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.SnapshotInfo;
import io.loggos.api.snapshot.SnapshotOptions;
import io.loggos.examples.admin.proto.CreateSnapshotRequest;
import io.loggos.examples.admin.proto.DeleteSnapshotReply;
import io.loggos.examples.admin.proto.DrawSnapshotReply;
import io.loggos.examples.admin.proto.ListSnapshotsReply;
import io.loggos.examples.admin.proto.ListSnapshotsRequest;
import io.loggos.examples.admin.proto.SnapshotProgressReply;
import io.loggos.examples.admin.proto.SnapshotRequest;
import io.loggos.examples.admin.proto.SnapshotSummary;
import io.loggos.examples.admin.proto.SnapshotsGrpc;
import io.loggos.examples.files.DirectoryTree;
import io.loggos.examples.server.call.Answers;
import io.loggos.snapshot.draw.SpaceTimeDiagram;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/** Takes, lists, verifies, exports, deletes and draws the global snapshots of the node. */
public final class SnapshotService extends SnapshotsGrpc.SnapshotsImplBase implements AutoCloseable {
    private static final int PIECE_BYTES = 256 << 10;
    /** Largest number of exports and verifications at a time. */
    private static final int MOST_TASKS = 4;
    /** Begin of the names of directories in which exports are assembled. */
    private static final String PREFIX = ".loggos-export-";

    private final Node node;
    private final Path exports;
    private final Semaphore tasks = new Semaphore(MOST_TASKS);
    private final ExecutorService worker = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "loggos-snapshots");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Creates the service for a node.
     *
     * @param exports directory where an export is assembled before it is sent; what earlier ones have left is deleted
     */
    public SnapshotService(Node node, Path exports) {
        this.node = node;
        this.exports = exports;
        try {
            deleteLeftovers(exports);
        } catch (IOException e) {
            throw new StorageException(StorageException.Kind.IO, "cannot empty " + exports, e);
        }
    }

    /** Deletes what a process has left that was killed, and nothing else that may be in the directory. */
    private static void deleteLeftovers(Path exports) throws IOException {
        if (Files.isDirectory(exports)) {
            try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(exports, PREFIX + "*")) {
                for (Path leftover : leftovers) {
                    DirectoryTree.delete(leftover);
                }
            }
        }
    }

    /** Ends all work in progress. */
    @Override
    public void close() {
        worker.shutdownNow();
    }

    @Override
    public void create(CreateSnapshotRequest request, StreamObserver<SnapshotSummary> client) {
        answer(client, () -> {
            SnapshotOptions.Builder options = SnapshotOptions.builder();
            if (request.getDeadlineMillis() > 0) {
                options.deadline(Duration.ofMillis(request.getDeadlineMillis()));
            }
            if (request.getRetained() > 0) {
                options.retained(request.getRetained());
            }
            return node.snapshot(options.build()).thenApply(this::summary);
        });
    }

    @Override
    public void list(ListSnapshotsRequest request, StreamObserver<ListSnapshotsReply> client) {
        answer(
                client,
                () -> CompletableFuture.completedFuture(ListSnapshotsReply.newBuilder()
                        .addAllSnapshots(node.snapshots().list().stream()
                                .map(SnapshotService::summary)
                                .toList())
                        .build()));
    }

    @Override
    public void delete(SnapshotRequest request, StreamObserver<DeleteSnapshotReply> client) {
        answer(
                client,
                () -> node.snapshots()
                        .delete(idOf(request))
                        .thenApply(unused -> DeleteSnapshotReply.getDefaultInstance()));
    }

    @Override
    public void draw(SnapshotRequest request, StreamObserver<DrawSnapshotReply> client) {
        answer(
                client,
                () -> node.snapshots()
                        .open(idOf(request))
                        .thenApply(cut -> DrawSnapshotReply.newBuilder()
                                .setSvg(SpaceTimeDiagram.of(cut).toSvg())
                                .build()));
    }

    @Override
    public void verify(SnapshotRequest request, StreamObserver<SnapshotProgressReply> client) {
        work(client, sending -> {
            SnapshotInfo verified =
                    node.snapshots().verify(idOf(request), sending::progress).join();
            sending.send(SnapshotProgressReply.newBuilder()
                    .setDone(summary(verified))
                    .build());
        });
    }

    /** Does a long task on a thread of its own. Few run at a time, since each holds a thread and perhaps a copy. */
    private void work(StreamObserver<SnapshotProgressReply> client, Work work) {
        Outgoing out = new Outgoing((ServerCallStreamObserver<SnapshotProgressReply>) client);
        if (!tasks.tryAcquire()) {
            client.onError(Status.RESOURCE_EXHAUSTED
                    .withDescription(MOST_TASKS + " exports and verifications are under way")
                    .asRuntimeException());
            return;
        }
        worker.execute(() -> {
            try {
                out.run(work);
            } finally {
                tasks.release();
            }
        });
    }

    @Override
    public void export(SnapshotRequest request, StreamObserver<SnapshotProgressReply> client) {
        work(client, sending -> {
            Files.createDirectories(exports);
            Path directory = Files.createTempDirectory(exports, PREFIX);
            try {
                GlobalSnapshot exported = node.snapshots()
                        .export(idOf(request), directory, sending::progress)
                        .join();
                sendFiles(directory, sending);
                sending.send(SnapshotProgressReply.newBuilder()
                        .setDone(summary(exported))
                        .build());
            } finally {
                DirectoryTree.delete(directory);
            }
        });
    }

    private static void sendFiles(Path directory, Outgoing out) throws IOException {
        for (Path file : files(directory)) {
            String name = directory.relativize(file).toString().replace('\\', '/');
            try (InputStream content = Files.newInputStream(file)) {
                byte[] piece = content.readNBytes(PIECE_BYTES);
                do {
                    out.send(SnapshotProgressReply.newBuilder()
                            .setPiece(SnapshotProgressReply.Piece.newBuilder()
                                    .setFile(name)
                                    .setContent(ByteString.copyFrom(piece)))
                            .build());
                    piece = content.readNBytes(PIECE_BYTES);
                } while (piece.length > 0);
            }
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Returns the id of the requested snapshot; the newest, if the request names none. */
    private SnapshotId idOf(SnapshotRequest request) {
        if (!request.getId().isEmpty()) {
            try {
                return SnapshotId.parse(request.getId());
            } catch (IllegalArgumentException e) {
                throw new SnapshotException(String.valueOf(e.getMessage()));
            }
        }
        List<SnapshotInfo> all = node.snapshots().list();
        if (all.isEmpty()) {
            throw new SnapshotException("node " + node.id().value() + " has no snapshot");
        }
        return all.get(all.size() - 1).id();
    }

    private SnapshotSummary summary(GlobalSnapshot snapshot) {
        return node.snapshots().list().stream()
                .filter(info -> info.id().equals(snapshot.id()))
                .findFirst()
                .map(SnapshotService::summary)
                .orElseGet(() -> SnapshotSummary.newBuilder()
                        .setId(snapshot.id().toString())
                        .setClusterId(snapshot.clusterId())
                        .setTakenAtMillis(snapshot.takenAt().toEpochMilli())
                        .addAllNodes(numbers(snapshot.nodes().keySet()))
                        .build());
    }

    private static SnapshotSummary summary(SnapshotInfo info) {
        return SnapshotSummary.newBuilder()
                .setId(info.id().toString())
                .setClusterId(info.clusterId())
                .setTakenAtMillis(info.takenAt().toEpochMilli())
                .addAllNodes(numbers(info.nodes()))
                .setSizeBytes(info.sizeBytes())
                .build();
    }

    private static List<Integer> numbers(Collection<NodeId> nodes) {
        return nodes.stream().map(NodeId::value).toList();
    }

    /** A request to the node. */
    @FunctionalInterface
    private interface Asked<T> {
        CompletableFuture<T> ask();
    }

    private <T> void answer(StreamObserver<T> client, Asked<T> asked) {
        ((ServerCallStreamObserver<T>) client).setOnCancelHandler(() -> {});
        CompletableFuture<T> future;
        try {
            future = asked.ask();
        } catch (RuntimeException e) {
            client.onError(statusOf(e).asRuntimeException());
            return;
        }
        CompletableFuture<?> unused = future.whenComplete((result, failure) -> worker.execute(() -> {
            if (failure == null) {
                Answers.now(client, result);
            } else {
                client.onError(statusOf(failure).asRuntimeException());
            }
        }));
    }

    static Status statusOf(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        boolean known = cause instanceof LoggosException || cause instanceof IOException;
        return (cause instanceof LoggosException ? Status.FAILED_PRECONDITION : Status.INTERNAL)
                .withDescription(known ? cause.getMessage() : String.valueOf(cause))
                .withCause(cause);
    }

    /** A long task whose answer is sent in pieces. */
    @FunctionalInterface
    interface Work {
        void run(Outgoing out) throws IOException;
    }
}
