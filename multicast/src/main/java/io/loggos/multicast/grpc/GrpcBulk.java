package io.loggos.multicast.grpc;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.Meters;
import io.loggos.multicast.grpc.GrpcMethods.Caller;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Bulk requests: one unary call each, with a deadline, on channels that carry nothing else.
 *
 * <p>So an answer of a megabyte may wait behind other bulk but never delays a frame. A few threads with a short queue
 * answer the requests. A request that finds the queue full is refused, and its sender asks again later.
 */
final class GrpcBulk {
    private static final long DEADLINE_SECONDS = 10;

    private final String clusterId;
    private final NodeId self;
    private final SortedSet<NodeId> peers;
    private final Function<NodeId, ManagedChannel> dial;
    private final Meters.Counter requests;
    private final Meters.Counter failures;
    private final Meters.Counter refused;

    /** The channel to each peer that was asked something; guarded by itself. */
    private final Map<NodeId, ManagedChannel> channels = new HashMap<>();

    private boolean closed;

    GrpcBulk(
            String clusterId,
            NodeId self,
            SortedSet<NodeId> peers,
            Function<NodeId, ManagedChannel> dial,
            Meters meters) {
        this.clusterId = clusterId;
        this.self = self;
        this.peers = peers;
        this.dial = dial;
        this.requests = meters.counter("loggos.transport.bulk.requests");
        this.failures = meters.counter("loggos.transport.bulk.failures");
        this.refused = meters.counter("loggos.transport.bulk.refused");
    }

    /** Sends a request to a peer; the answer is given exactly once, null if there is none. */
    void request(NodeId peer, Bytes request, Consumer<@Nullable Bytes> answer) {
        requests.add(1);
        ManagedChannel channel = channel(peer);
        if (channel == null || request.size() > GrpcMethods.BULK_LIMIT_BYTES) {
            failures.add(1);
            answer.accept(null);
            return;
        }
        ClientCall<List<Bytes>, List<Bytes>> call = channel.newCall(
                GrpcMethods.REQUEST, CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS));
        call.start(
                new ClientCall.Listener<>() {
                    private @Nullable Bytes message;

                    @Override
                    public void onMessage(List<Bytes> pieces) {
                        message = pieces.get(0);
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        if (!status.isOk()) {
                            failures.add(1);
                        }
                        if (status.getCode() == Status.Code.UNAVAILABLE) {
                            drop(peer, channel);
                        }
                        answer.accept(status.isOk() ? message : null);
                    }
                },
                Caller.of(clusterId, self, peer).toHeaders());
        call.request(2);
        call.sendMessage(List.of(request));
        call.halfClose();
    }

    /** Server's side: checks the caller, then lets the pool ask the node. */
    ServerCallHandler<List<Bytes>, List<Bytes>> handler(Executor pool, Function<Bytes, @Nullable Bytes> node) {
        return (call, headers) -> {
            String wrong = check(Caller.of(headers));
            if (wrong != null) {
                refused.add(1);
                call.close(Status.PERMISSION_DENIED.withDescription(wrong), new Metadata());
                return new ServerCall.Listener<>() {};
            }
            call.request(2);
            return new Answering(call, pool, node);
        };
    }

    void close() {
        List<ManagedChannel> open;
        synchronized (channels) {
            closed = true;
            open = List.copyOf(channels.values());
            channels.clear();
        }
        open.forEach(ManagedChannel::shutdownNow);
    }

    private @Nullable ManagedChannel channel(NodeId peer) {
        synchronized (channels) {
            return closed ? null : channels.computeIfAbsent(peer, dial);
        }
    }

    /** Shuts down a channel that has failed, so that the next request does not wait for gRPC's backoff. */
    private void drop(NodeId peer, ManagedChannel channel) {
        synchronized (channels) {
            channels.remove(peer, channel);
        }
        channel.shutdownNow();
    }

    private @Nullable String check(Caller caller) {
        if (!caller.clusterId().equals(clusterId)) {
            return self + " belongs to cluster \"" + clusterId + "\", the request is of another";
        }
        if (!caller.to().equals(self.toString())) {
            return "the request is for " + caller.to() + ", this is " + self;
        }
        boolean known = peers.stream().anyMatch(peer -> peer.toString().equals(caller.from()));
        return known ? null : caller.from() + " is not a peer of " + self;
    }

    private static final class Answering extends ServerCall.Listener<List<Bytes>> {
        private final ServerCall<List<Bytes>, List<Bytes>> call;
        private final Executor pool;
        private final Function<Bytes, @Nullable Bytes> node;
        private @Nullable Bytes request;

        Answering(ServerCall<List<Bytes>, List<Bytes>> call, Executor pool, Function<Bytes, @Nullable Bytes> node) {
            this.call = call;
            this.pool = pool;
            this.node = node;
        }

        @Override
        public void onMessage(List<Bytes> pieces) {
            request = pieces.get(0);
        }

        @Override
        public void onHalfClose() {
            Bytes asked = request;
            if (asked == null || asked.size() > GrpcMethods.BULK_LIMIT_BYTES) {
                call.close(Status.INVALID_ARGUMENT.withDescription("no request, or too large a one"), new Metadata());
                return;
            }
            try {
                pool.execute(() -> answer(asked));
            } catch (RejectedExecutionException e) {
                call.close(Status.RESOURCE_EXHAUSTED.withDescription("too many requests"), new Metadata());
            }
        }

        private void answer(Bytes asked) {
            Bytes answer;
            try {
                answer = call.isCancelled() ? null : node.apply(asked);
            } catch (RuntimeException e) {
                call.close(Status.INTERNAL.withDescription(e.getClass().getSimpleName()), new Metadata());
                return;
            }
            if (answer == null) {
                call.close(Status.NOT_FOUND, new Metadata());
            } else {
                call.sendHeaders(new Metadata());
                call.sendMessage(List.of(answer));
                call.close(Status.OK, new Metadata());
            }
        }
    }
}
