package io.loggos.examples.server.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.stub.ServerCallStreamObserver;
import io.loggos.examples.admin.proto.SnapshotProgressReply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Progress comes on a thread of the node: no client may hold it up, or make it throw. */
class OutgoingTest {
    private final Client client = new Client();
    private final Outgoing out = new Outgoing(client);

    @Test
    void progressPassesOverAClientThatDoesNotRead() {
        client.ready = false;
        out.progress("copy", 10, 100);
        assertEquals(0, client.replies.size());
        client.ready = true;
        out.progress("copy", 20, 100);
        assertEquals(1, client.replies.size());
    }

    @Test
    void progressPassesOverAClientThatHasGone() {
        client.cancelled = true;
        client.ready = false;
        out.progress("copy", 100, 100);
        client.ready = true;
        out.progress("copy", 100, 100);
        assertEquals(0, client.replies.size());
        client.ready = false;
        out.run(sending -> sending.send(SnapshotProgressReply.getDefaultInstance()));
    }

    private static final class Client extends ServerCallStreamObserver<SnapshotProgressReply> {
        final List<SnapshotProgressReply> replies = new ArrayList<>();
        boolean ready = true;
        boolean cancelled;

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void onNext(SnapshotProgressReply reply) {
            replies.add(reply);
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {}

        @Override
        public void setCompression(String compression) {}

        @Override
        public void setOnReadyHandler(Runnable handler) {}

        @Override
        public void disableAutoInboundFlowControl() {}

        @Override
        public void request(int count) {}

        @Override
        public void setMessageCompression(boolean enable) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
    }
}
