package io.loggos.examples.cli.client;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.loggos.examples.etcd.proto.Event;
import io.loggos.examples.etcd.proto.WatchCreateRequest;
import io.loggos.examples.etcd.proto.WatchGrpc;
import io.loggos.examples.etcd.proto.WatchRequest;
import io.loggos.examples.etcd.proto.WatchResponse;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Watches all keys of a cluster in which every revision is one put, and judges what comes: each revision once and in
 * order. When its server goes, it goes on at the next one from its bookmark.
 */
public final class WatchClient implements AutoCloseable {
    private static final long PAUSE_MILLIS = 100;
    private static final ByteString ALL = ByteString.copyFrom(new byte[1]);

    private final int nodes;
    private final IntFunction<ManagedChannel> channelTo;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private int server;
    private long next = 2;
    private @Nullable ManagedChannel channel;
    private @Nullable String problem;
    private boolean closed;

    /** Creates a client of a cluster with so many nodes, which watches at one of them first. */
    public WatchClient(int nodes, IntFunction<ManagedChannel> channelTo, int server) {
        this.nodes = nodes;
        this.channelTo = channelTo;
        this.server = server;
        connect();
    }

    private synchronized void connect() {
        if (closed) {
            return;
        }
        ManagedChannel made = channelTo.apply(server);
        channel = made;
        StreamObserver<WatchRequest> requests = WatchGrpc.newStub(made).watch(new StreamObserver<>() {
            @Override
            public void onNext(WatchResponse response) {
                judge(response);
            }

            @Override
            public void onError(Throwable failure) {
                goOnElsewhere(made);
            }

            @Override
            public void onCompleted() {
                goOnElsewhere(made);
            }
        });
        requests.onNext(WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder()
                        .setKey(ALL)
                        .setRangeEnd(ALL)
                        .setStartRevision(next))
                .build());
    }

    private synchronized void judge(WatchResponse response) {
        if (response.getCanceled()) {
            problem = "canceled: " + response;
        }
        for (Event event : response.getEventsList()) {
            long revision = event.getKv().getModRevision();
            if (revision != next && problem == null) {
                problem = "revision " + revision + " in place of " + next + " from server " + server;
            }
            next = revision + 1;
            seen.add(event.getKv().getKey().toStringUtf8());
        }
    }

    private synchronized void goOnElsewhere(ManagedChannel from) {
        from.shutdownNow();
        server = server % nodes + 1;
        CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS).execute(this::connect);
    }

    /** Returns what was wrong with the events so far, or null. */
    public synchronized @Nullable String problem() {
        return problem;
    }

    /** True if an event came for each of these keys. */
    public boolean hasSeen(Set<String> keys) {
        return seen.containsAll(keys);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (channel != null) {
            channel.shutdownNow();
        }
    }
}
