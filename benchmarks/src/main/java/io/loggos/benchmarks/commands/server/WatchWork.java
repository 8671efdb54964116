package io.loggos.benchmarks.commands.server;

import com.google.protobuf.ByteString;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.loggos.benchmarks.harness.workload.Operation;
import io.loggos.benchmarks.harness.workload.Work;
import io.loggos.benchmarks.systems.servers.client.EtcdClient;
import io.loggos.examples.etcd.proto.KVGrpc;
import io.loggos.examples.etcd.proto.KeyValue;
import io.loggos.examples.etcd.proto.PutRequest;
import io.loggos.examples.etcd.proto.PutResponse;
import io.loggos.examples.etcd.proto.WatchCreateRequest;
import io.loggos.examples.etcd.proto.WatchGrpc;
import io.loggos.examples.etcd.proto.WatchRequest;
import io.loggos.examples.etcd.proto.WatchResponse;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * Puts of one key that many watch. An operation completes when its put is answered and the last watcher has its event;
 * it fails if a watcher sees revisions out of order. Watchers share streams, a hundred at most on each.
 */
final class WatchWork implements Work {
    private static final ByteString KEY = ByteString.copyFromUtf8("watched");
    private static final int WATCHERS_OF_STREAM = 100;
    private static final long CREATED_SECONDS = 60;

    private final EtcdClient client;
    private final int payloadBytes;
    /** For each place in flight: watchers that lack its event, and one more while the put is not answered. */
    private final AtomicIntegerArray missing;

    private final @Nullable Operation[] underWay;
    private final Deque<Integer> free = new ArrayDeque<>();
    private final int watchers;
    private final CountDownLatch created;
    private final List<Stream> streams = new ArrayList<>();
    private volatile @Nullable RuntimeException fault;

    WatchWork(EtcdClient client, int watchers, int inFlight, int payloadBytes) {
        this.client = client;
        this.watchers = watchers;
        this.payloadBytes = Math.max(Integer.BYTES, payloadBytes);
        this.missing = new AtomicIntegerArray(inFlight);
        this.underWay = new @Nullable Operation[inFlight];
        this.created = new CountDownLatch(watchers);
        for (int place = 0; place < inFlight; place++) {
            free.add(place);
        }
    }

    @Override
    public void begin() {
        for (int left = watchers; left > 0; left -= WATCHERS_OF_STREAM) {
            streams.add(new Stream(Math.min(left, WATCHERS_OF_STREAM)));
        }
        try {
            if (!created.await(CREATED_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(created.getCount() + " watchers were not created");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void start(Operation operation) {
        int place;
        synchronized (free) {
            place = free.remove();
            underWay[place] = operation;
        }
        missing.set(place, watchers + 1);
        byte[] value = new byte[payloadBytes];
        ByteBuffer.wrap(value).putInt(place);
        PutRequest put = PutRequest.newBuilder()
                .setKey(KEY)
                .setValue(ByteString.copyFrom(value))
                .build();
        ClientCall<PutRequest, PutResponse> call = client.open(KVGrpc.getPutMethod());
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        arrived(place, status.isOk() ? null : status.asRuntimeException());
                    }
                },
                new Metadata());
        call.request(2);
        call.sendMessage(put);
        call.halfClose();
    }

    /** Notes an answer or an event; the last of a place completes its operation, and so does a failure. */
    private void arrived(int place, @Nullable RuntimeException failure) {
        int left = failure == null ? missing.decrementAndGet(place) : missing.getAndSet(place, 0);
        if (failure == null && left != 0) {
            return;
        }
        Operation operation;
        synchronized (free) {
            operation = underWay[place];
            underWay[place] = null;
            free.add(place);
        }
        if (operation != null) {
            operation.complete(failure == null ? fault : failure);
        }
    }

    /** A stream with some watchers. */
    private final class Stream extends ClientCall.Listener<WatchResponse> {
        private final ClientCall<WatchRequest, WatchResponse> call = client.open(WatchGrpc.getWatchMethod());
        private final Map<Long, Long> revisions = new HashMap<>();

        Stream(int count) {
            call.start(this, new Metadata());
            call.request(Integer.MAX_VALUE);
            for (int i = 0; i < count; i++) {
                call.sendMessage(WatchRequest.newBuilder()
                        .setCreateRequest(WatchCreateRequest.newBuilder().setKey(KEY))
                        .build());
            }
        }

        @Override
        public void onMessage(WatchResponse answer) {
            if (answer.getCreated()) {
                created.countDown();
            }
            answer.getEventsList().forEach(event -> seen(answer.getWatchId(), event.getKv()));
        }

        private void seen(long watcher, KeyValue kv) {
            Long before = revisions.put(watcher, kv.getModRevision());
            if (before != null && before >= kv.getModRevision()) {
                fault = new IllegalStateException(kv.getModRevision() + " came after " + before);
            }
            arrived(kv.getValue().asReadOnlyByteBuffer().getInt(), null);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            RuntimeException failure = status.asRuntimeException();
            fault = failure;
            for (int place = 0; place < underWay.length; place++) {
                if (missing.get(place) > 0) {
                    arrived(place, failure);
                }
            }
        }
    }
}
