package io.loggos.examples.server;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.loggos.examples.etcd.proto.Event;
import io.loggos.examples.etcd.proto.KeyValue;
import io.loggos.examples.etcd.proto.WatchCancelRequest;
import io.loggos.examples.etcd.proto.WatchCreateRequest;
import io.loggos.examples.etcd.proto.WatchGrpc;
import io.loggos.examples.etcd.proto.WatchProgressRequest;
import io.loggos.examples.etcd.proto.WatchRequest;
import io.loggos.examples.etcd.proto.WatchResponse;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One stream of watches, as a client sees it. */
final class WatchConversation implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    final CompletableFuture<Status> end = new CompletableFuture<>();
    private final BlockingQueue<WatchResponse> responses = new LinkedBlockingQueue<>();
    private final ClientCallStreamObserver<WatchRequest> requests;

    WatchConversation(ManagedChannel channel, boolean reading, boolean leaderRequired) {
        Metadata metadata = new Metadata();
        if (leaderRequired) {
            metadata.put(Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER), "true");
        }
        requests = (ClientCallStreamObserver<WatchRequest>) WatchGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                .watch(new ClientResponseObserver<WatchRequest, WatchResponse>() {
                    @Override
                    public void beforeStart(ClientCallStreamObserver<WatchRequest> stream) {
                        if (!reading) {
                            stream.disableAutoRequestWithInitial(0);
                        }
                    }

                    @Override
                    public void onNext(WatchResponse response) {
                        responses.add(response);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        end.complete(Status.fromThrowable(failure));
                    }

                    @Override
                    public void onCompleted() {
                        end.complete(Status.OK);
                    }
                });
    }

    WatchConversation(ManagedChannel channel) {
        this(channel, true, false);
    }

    void create(WatchCreateRequest.Builder request) {
        requests.onNext(WatchRequest.newBuilder().setCreateRequest(request).build());
    }

    void cancel(long id) {
        requests.onNext(WatchRequest.newBuilder()
                .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(id))
                .build());
    }

    void requestProgress() {
        requests.onNext(WatchRequest.newBuilder()
                .setProgressRequest(WatchProgressRequest.getDefaultInstance())
                .build());
    }

    /** Lets the client read so many more responses. */
    void read(int more) {
        requests.request(more);
    }

    /** Ends the requests. */
    void complete() {
        requests.onCompleted();
    }

    /** Waits for the next response. */
    WatchResponse next() throws InterruptedException, TimeoutException {
        WatchResponse response = responses.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (response == null) {
            throw new TimeoutException("no response; the stream's end is " + end);
        }
        return response;
    }

    /** Returns a response that has come, or null. */
    @Nullable
    WatchResponse nextIfAny() {
        return responses.poll();
    }

    /** Waits for the next response, and returns its content as text. */
    String nextText() throws InterruptedException, TimeoutException {
        return text(next());
    }

    static String text(WatchResponse response) {
        StringBuilder text = new StringBuilder("watch " + response.getWatchId() + " at "
                + response.getHeader().getRevision()
                + (response.getCreated() ? " created" : "")
                + (response.getCanceled() ? " canceled" : "")
                + (response.getCompactRevision() == 0 ? "" : " compacted " + response.getCompactRevision())
                + (response.getCancelReason().isEmpty() ? "" : " because " + response.getCancelReason())
                + (response.getFragment() ? " fragment" : ""));
        for (Event event : response.getEventsList()) {
            text.append(" [").append(event.getType()).append(' ').append(text(event.getKv()));
            text.append(event.hasPrevKv() ? " was " + text(event.getPrevKv()) : "")
                    .append(']');
        }
        return text.toString();
    }

    private static String text(KeyValue kv) {
        String value = kv.getValue().size() > 100
                ? kv.getValue().size() + " bytes"
                : kv.getValue().toStringUtf8();
        return kv.getKey().toStringUtf8() + "=" + value + " " + kv.getCreateRevision() + "/" + kv.getModRevision() + "/"
                + kv.getVersion();
    }

    @Override
    public void close() {
        requests.cancel("the test ends", null);
    }
}
