package io.loggos.examples.server.admin;

import io.grpc.stub.ServerCallStreamObserver;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.examples.admin.proto.SnapshotProgressReply;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A long answer in pieces. A thread that may wait sends it, as fast as the client accepts it. */
final class Outgoing {
    private static final long LOOK_SECONDS = 1;
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final ServerCallStreamObserver<SnapshotProgressReply> client;
    private final Semaphore room = new Semaphore(0);
    private long toldBytes;

    /** Must be called before the method of the service returns. */
    Outgoing(ServerCallStreamObserver<SnapshotProgressReply> client) {
        this.client = client;
        client.setOnReadyHandler(room::release);
        client.setOnCancelHandler(room::release);
    }

    /** Does the work and ends the answer, with success or with the failure. */
    void run(SnapshotService.Work work) {
        try {
            work.run(this);
            client.onCompleted();
        } catch (CancellationException e) {
            // The client is gone, so nobody receives an answer.
        } catch (IOException | RuntimeException e) {
            client.onError(SnapshotService.statusOf(e).asRuntimeException());
        }
    }

    /** Sends a piece as soon as the client has room for it. */
    synchronized void send(SnapshotProgressReply reply) {
        long begunNanos = System.nanoTime();
        while (!client.isReady()) {
            if (System.nanoTime() - begunNanos > PATIENCE_NANOS) {
                throw new SnapshotException("the client has read nothing for a minute");
            }
            if (client.isCancelled()) {
                throw new CancellationException("the client is gone");
            }
            try {
                room.tryAcquire(LOOK_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SnapshotException("the server is closing");
            }
        }
        client.onNext(reply);
    }

    /**
     * Reports progress now and then, if the client has room for it.
     *
     * <p>A thread of the node calls this. It must not wait for a client, and nothing that a client does may reach it.
     */
    synchronized void progress(String what, long doneBytes, long allBytes) {
        boolean due = doneBytes == allBytes || doneBytes - toldBytes >= allBytes / 100;
        if (due && client.isReady() && !client.isCancelled()) {
            toldBytes = doneBytes;
            client.onNext(SnapshotProgressReply.newBuilder()
                    .setProgress(SnapshotProgressReply.Progress.newBuilder()
                            .setWhat(what)
                            .setDoneBytes(doneBytes)
                            .setAllBytes(allBytes))
                    .build());
        }
    }
}
