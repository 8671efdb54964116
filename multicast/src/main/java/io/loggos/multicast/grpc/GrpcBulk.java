package io.loggos.multicast.grpc;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.Meters;
import io.loggos.api.spi.Transport.Evidence;
import io.loggos.multicast.core.SharedSecret;
import io.loggos.multicast.core.SharedSecret.Label;
import io.loggos.multicast.grpc.GrpcMethods.Caller;
import io.loggos.multicast.grpc.guard.OccasionalLog;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bulk requests: one unary call each, with a deadline, on channels that carry nothing else.
 *
 * <p>So an answer of a megabyte may wait behind other bulk but never delays a frame. A few threads with a short queue
 * answer the requests. A request that finds the queue full is refused, and its sender asks again later.
 *
 * <p>With a secret, each connection has a nonce of the server's, and each request one of its sender's. A request without
 * a proof over both is answered with the server's nonce and nothing else. The answer has a proof over the same.
 */
final class GrpcBulk {
    private static final Logger LOGGER = LoggerFactory.getLogger(GrpcBulk.class);
    private static final long DEADLINE_SECONDS = 10;
    /** The most requests of one peer that are not answered, or whose answer it has not read. */
    private static final int MOST_FROM_ONE = 32;

    /** The mark before the name of a sender that is no peer. */
    private static final String STRANGER = "stranger ";

    private static final Attributes.Key<Bytes> CHALLENGE = Attributes.Key.create("loggos-challenge");

    /** A channel to a peer, and the nonce of the server at its other end, once it is known. */
    private static final class Way {
        final ManagedChannel channel;
        volatile Bytes challenge = Bytes.EMPTY;

        Way(ManagedChannel channel) {
            this.channel = channel;
        }
    }

    private final String clusterId;
    private final NodeId self;
    private volatile Set<NodeId> peers;
    private final PeerSecurity security;
    private final ScheduledExecutorService timer;
    private final Function<NodeId, ManagedChannel> dial;
    private final Meters.Counter requests;
    private final Meters.Counter failures;
    private final Meters.Counter refused;
    private final OccasionalLog log = new OccasionalLog(LOGGER);
    /** Number of requests under way of each peer that has sent some. */
    private final Map<String, AtomicInteger> underWay = new ConcurrentHashMap<>();

    /** The channel to each peer that was asked something; guarded by itself. */
    private final Map<NodeId, Way> ways = new HashMap<>();

    private boolean closed;

    GrpcBulk(
            String clusterId,
            NodeId self,
            Set<NodeId> peers,
            PeerSecurity security,
            ScheduledExecutorService timer,
            Function<NodeId, ManagedChannel> dial,
            Meters meters) {
        this.clusterId = clusterId;
        this.self = self;
        this.peers = peers;
        this.security = security;
        this.timer = timer;
        this.dial = dial;
        this.requests = meters.counter("loggos.transport.bulk.requests");
        this.failures = meters.counter("loggos.transport.bulk.failures");
        this.refused = meters.counter("loggos.transport.bulk.refused");
    }

    /** Replaces the peers. */
    void peers(Set<NodeId> newPeers) {
        peers = Set.copyOf(newPeers);
    }

    /** Forgets the channel to a node that is no peer any more, or has another address. */
    void forget(NodeId peer) {
        Way way;
        synchronized (ways) {
            way = ways.remove(peer);
        }
        if (way != null) {
            way.channel.shutdownNow();
        }
    }

    /**
     * Sends a request to a peer; the answer is given exactly once, null if there is none.
     *
     * @param asStranger true if the peer does not know this node
     */
    void request(NodeId peer, Bytes request, boolean asStranger, Consumer<@Nullable Bytes> answer) {
        requests.add(1);
        Way way = peers.contains(peer) ? way(peer) : null;
        if (way == null || request.size() > GrpcMethods.BULK_LIMIT_BYTES) {
            failures.add(1);
            answer.accept(null);
            return;
        }
        new Asking(peer, way, request, asStranger, answer, true).send();
    }

    /** One request. It is sent again, once, if the server has a nonce that this node does not know yet. */
    private final class Asking extends ClientCall.Listener<List<Bytes>> {
        private final NodeId peer;
        private final Way way;
        private final Bytes request;
        private final boolean asStranger;
        private final Consumer<@Nullable Bytes> answer;
        private final boolean mayRepeat;
        private final Caller caller;
        private boolean proved;
        private @Nullable Bytes message;

        Asking(
                NodeId peer,
                Way way,
                Bytes request,
                boolean asStranger,
                Consumer<@Nullable Bytes> answer,
                boolean mayRepeat) {
            this.peer = peer;
            this.way = way;
            this.request = request;
            this.asStranger = asStranger;
            this.answer = answer;
            this.mayRepeat = mayRepeat;
            SharedSecret secret = security.secret();
            Bytes challenge = way.challenge;
            Caller bare = Caller.of(clusterId, (asStranger ? STRANGER : "") + self, peer);
            this.caller = secret == null || challenge.isEmpty() ? bare : bare.proved(secret, challenge);
        }

        void send() {
            ClientCall<List<Bytes>, List<Bytes>> call = way.channel.newCall(
                    GrpcMethods.REQUEST, CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS));
            call.start(this, caller.toHeaders());
            call.request(2);
            call.sendMessage(List.of(request));
            call.halfClose();
        }

        @Override
        public void onHeaders(Metadata headers) {
            SharedSecret secret = security.secret();
            proved = secret == null
                    || (!caller.proof().isEmpty()
                            && secret.own().isProof(GrpcMethods.proof(headers), Label.BULK_ANSWER, caller.said()));
        }

        @Override
        public void onMessage(List<Bytes> pieces) {
            message = pieces.get(0);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            Bytes challenge = GrpcMethods.challenge(trailers);
            if (mayRepeat
                    && security.secret() != null
                    && status.getCode() == Status.Code.UNAUTHENTICATED
                    && challenge.size() == SharedSecret.NONCE_BYTES) {
                way.challenge = challenge;
                new Asking(peer, way, request, asStranger, answer, false).send();
                return;
            }
            boolean answered = status.isOk() && proved;
            if (!answered) {
                failures.add(1);
                if (status.isOk()) {
                    log.warn(self + ": what answers bulk requests at the address of " + peer + " proves no secret");
                }
            }
            if (status.getCode() == Status.Code.UNAVAILABLE) {
                drop(peer, way);
            }
            answer.accept(answered ? message : null);
        }
    }

    /** Gives each connection that is accepted a nonce of its own, which the requests on it answer. */
    ServerTransportFilter challenges() {
        return new ServerTransportFilter() {
            @Override
            public Attributes transportReady(Attributes transport) {
                SharedSecret secret = security.secret();
                return secret == null
                        ? transport
                        : transport.toBuilder().set(CHALLENGE, secret.nonce()).build();
            }
        };
    }

    /** Server's side: checks the caller, then lets the pool ask the node. */
    ServerCallHandler<List<Bytes>, List<Bytes>> handler(
            Executor pool, Function<Bytes, @Nullable Bytes> node, Function<Bytes, @Nullable Bytes> strangers) {
        return (call, headers) -> {
            Caller caller = Caller.of(headers);
            Bytes proof = Bytes.EMPTY;
            SharedSecret secret = security.secret();
            if (secret != null) {
                Bytes challenge = call.getAttributes().get(CHALLENGE);
                SharedSecret.Key key = challenge == null ? null : proved(secret, caller, challenge);
                if (key == null) {
                    return challenged(call, caller, challenge);
                }
                proof = key.prove(Label.BULK_ANSWER, caller.said());
            }
            String wrong = check(caller, security.otherEnd(call.getAttributes()));
            if (wrong != null) {
                refuse(call, wrong);
                return closed(call, Status.PERMISSION_DENIED, new Metadata());
            }
            AtomicInteger sameCaller = underWay.computeIfAbsent(caller.from(), from -> new AtomicInteger());
            if (sameCaller.incrementAndGet() > MOST_FROM_ONE) {
                sameCaller.decrementAndGet();
                return closed(call, Status.RESOURCE_EXHAUSTED.withDescription("too many requests"), new Metadata());
            }
            boolean asStranger = caller.from().startsWith(STRANGER);
            BulkAnswer answer = new BulkAnswer(call, proof, pool, asStranger ? strangers : node, sameCaller);
            Future<?> unused = timer.schedule(answer::overdue, DEADLINE_SECONDS, TimeUnit.SECONDS);
            call.request(2);
            return answer;
        };
    }

    private static SharedSecret.@Nullable Key proved(SharedSecret secret, Caller caller, Bytes challenge) {
        return challenge.equals(caller.challenge()) && caller.nonce().size() == SharedSecret.NONCE_BYTES
                ? secret.proved(caller.proof(), Label.BULK_REQUEST, caller.said())
                : null;
    }

    /** Refuses a request without a proof of this connection, and says what to prove. */
    private ServerCall.Listener<List<Bytes>> challenged(
            ServerCall<List<Bytes>, List<Bytes>> call, Caller caller, @Nullable Bytes challenge) {
        if (challenge != null && challenge.equals(caller.challenge())) {
            refuse(call, "it proves no secret that this node knows");
        }
        Metadata trailers = challenge == null ? new Metadata() : GrpcMethods.challenge(challenge);
        return closed(call, Status.UNAUTHENTICATED, trailers);
    }

    private static ServerCall.Listener<List<Bytes>> closed(
            ServerCall<List<Bytes>, List<Bytes>> call, Status status, Metadata trailers) {
        call.close(status, trailers);
        return new ServerCall.Listener<>() {};
    }

    private void refuse(ServerCall<?, ?> call, String reason) {
        refused.add(1);
        log.warn(self + ": a bulk request of " + security.otherEnd(call.getAttributes()) + " is refused: " + reason);
    }

    void close() {
        List<Way> open;
        synchronized (ways) {
            closed = true;
            open = List.copyOf(ways.values());
            ways.clear();
        }
        open.forEach(way -> way.channel.shutdownNow());
    }

    private @Nullable Way way(NodeId peer) {
        synchronized (ways) {
            return closed ? null : ways.computeIfAbsent(peer, to -> new Way(dial.apply(to)));
        }
    }

    /** Shuts down a channel that has failed, so that the next request does not wait for gRPC's backoff. */
    private void drop(NodeId peer, Way way) {
        synchronized (ways) {
            ways.remove(peer, way);
        }
        way.channel.shutdownNow();
    }

    private static @Nullable NodeId node(String number) {
        try {
            return NodeId.of(Integer.parseInt(number));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private @Nullable String check(Caller caller, OtherEnd otherEnd) {
        if (!caller.clusterId().equals(clusterId)) {
            return self + " belongs to cluster \"" + clusterId + "\", the request is of another";
        }
        if (!caller.to().equals(self.toString())) {
            return "it is for another node than " + self;
        }
        if (caller.from().startsWith(STRANGER)) {
            NodeId claimed = node(caller.from().substring(STRANGER.length() + 1));
            return claimed == null || otherEnd.evidence(claimed) == Evidence.AGAINST
                    ? "it has not the certificate of " + caller.from()
                    : null;
        }
        for (NodeId peer : peers) {
            if (peer.toString().equals(caller.from())) {
                return otherEnd.evidence(peer) == Evidence.AGAINST ? "it has not the certificate of " + peer : null;
            }
        }
        return "what sends it is not a peer of " + self;
    }
}
