package io.loggos.examples.server.backup;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.loggos.api.UnavailableException;
import io.loggos.api.kv.maintenance.StoreContents;
import io.loggos.api.replica.Result;
import io.loggos.examples.etcd.proto.SnapshotResponse;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Sends a backup to a client as it is made, as fast as the client reads. The last piece is the SHA-256 of all others, as
 * in etcd.
 */
public final class BackupStream {
    private static final int PIECE_BYTES = 64 << 10;
    private static final long LOOK_MILLIS = 100;
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final ServerCallStreamObserver<SnapshotResponse> client;
    private final Semaphore room = new Semaphore(0);
    private final MessageDigest sha = EtcdBackupFile.sha256();
    private long leftBytes;

    /** Must be called before the method of the service returns. */
    public BackupStream(ServerCallStreamObserver<SnapshotResponse> client) {
        this.client = client;
        client.setOnReadyHandler(room::release);
        client.setOnCancelHandler(room::release);
    }

    /**
     * Sends a backup, which takes as long as it takes.
     *
     * @throws CancellationException if the client has gone
     * @throws UnavailableException if the contents or the client end early
     */
    public void send(Result<StoreContents> captured) {
        try (StoreContents contents = captured.value()) {
            EtcdBackup backup = new EtcdBackup(contents, captured.slot().value());
            leftBytes = backup.sizeBytes();
            backup.writeTo(this::send);
            send(ByteString.copyFrom(sha.digest()));
            client.onCompleted();
        }
    }

    private void send(ByteBuffer pages) {
        sha.update(pages.duplicate());
        while (pages.hasRemaining()) {
            int bytes = Math.min(PIECE_BYTES, pages.remaining());
            leftBytes -= bytes;
            send(ByteString.copyFrom(pages, bytes));
        }
    }

    private void send(ByteString piece) {
        awaitRoom();
        client.onNext(SnapshotResponse.newBuilder()
                .setRemainingBytes(leftBytes)
                .setBlob(piece)
                .build());
    }

    private void awaitRoom() {
        long begunNanos = System.nanoTime();
        while (!client.isReady()) {
            if (client.isCancelled()) {
                throw new CancellationException("the client is gone");
            }
            if (System.nanoTime() - begunNanos > PATIENCE_NANOS) {
                throw new UnavailableException("the client has read nothing for a minute");
            }
            try {
                room.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UnavailableException("the server is closing");
            }
        }
    }
}
