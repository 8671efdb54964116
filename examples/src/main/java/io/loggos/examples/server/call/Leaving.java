package io.loggos.examples.server.call;

import com.google.protobuf.MessageLite;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A call with a large answer. The room of the answer is given back when the client has taken it, or has gone. Safe for
 * use by any thread.
 */
final class Leaving<A extends MessageLite> {
    private final StreamObserver<A> client;
    private final AnswerRoom room;
    private long bytes;
    private boolean ended;
    private @Nullable Future<?> work;

    /** Must be created before the method of the service returns. */
    Leaving(StreamObserver<A> client, AnswerRoom room) {
        this.client = client;
        this.room = room;
        if (client instanceof ServerCallStreamObserver<A> call) {
            call.setOnCancelHandler(this::end);
            call.setOnCloseHandler(this::end);
        }
    }

    /** True until the call has ended. */
    synchronized boolean isHere() {
        return !ended;
    }

    /** Sets what is cancelled if the call ends before the answer is sent. */
    void endsWith(Future<?> asked) {
        synchronized (this) {
            work = asked;
            if (!ended) {
                return;
            }
        }
        asked.cancel(false);
    }

    /** Sends an answer whose room was taken. */
    void send(A response) {
        long size = response.getSerializedSize();
        synchronized (this) {
            if (!ended) {
                bytes = size;
                size = 0;
            }
        }
        if (size > 0) {
            room.release(size);
        } else {
            Answers.now(client, response);
        }
    }

    private void end() {
        Future<?> left;
        long sent;
        synchronized (this) {
            ended = true;
            left = work;
            sent = bytes;
            bytes = 0;
        }
        room.release(sent);
        if (left != null) {
            left.cancel(false);
        }
    }
}
