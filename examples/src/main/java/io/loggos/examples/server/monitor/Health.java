package io.loggos.examples.server.monitor;

import io.loggos.api.Bytes;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.access.AccessException;
import io.loggos.api.node.NodeStatus;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.api.replica.Role;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Health of a server, in three degrees. Each answer is null, or a reason in a few words without names or paths. Any
 * thread.
 */
public final class Health {
    /** Reason of etcd, which tools look for. */
    static final String NO_LEADER = "RAFT NO LEADER";

    static final String STARTING = "STARTING";
    static final String STOPPING = "STOPPING";
    static final String HALTED = "HALTED";
    static final String FENCED = "FENCED";
    static final String NOT_FORMED = "NOT FORMED";
    static final String READ_FAILED = "RANGE ERROR";

    private static final Bytes KEY = Bytes.utf8("health");

    private final Duration readTimeout;
    private volatile @Nullable Opened opened;
    private volatile boolean stopping;

    private record Opened(KeyValueStore store, Supplier<NodeStatus> status) {}

    /** @param readTimeout longest wait of {@link #unhealthy} */
    public Health(Duration readTimeout) {
        this.readTimeout = readTimeout;
    }

    /** Notes that the server has opened its store. */
    public void opened(KeyValueStore store, Supplier<NodeStatus> status) {
        opened = new Opened(store, status);
    }

    /** Notes that the server begins to stop, so that no further client is sent here. */
    public void stopping() {
        stopping = true;
    }

    /** Returns why a supervisor should start this server again. */
    @Nullable
    String dead() {
        Opened now = opened;
        return now != null && now.store.replica().status().role() == Role.HALTED ? HALTED : null;
    }

    /** Returns why a load balancer should not send clients here: the cluster has not formed, or has no leader. */
    @Nullable
    String unready() {
        Opened now = opened;
        if (now == null || stopping) {
            return now == null ? STARTING : STOPPING;
        }
        ReplicaStatus replica = now.store.replica().status();
        if (replica.role() == Role.HALTED) {
            return HALTED;
        }
        NodeStatus node = now.status.get();
        if (node.fenced() != null) {
            return FENCED;
        }
        if (!node.formed()) {
            return NOT_FORMED;
        }
        return replica.leader() == null ? NO_LEADER : null;
    }

    /** Returns why this server serves no linearizable read now; nothing if it does. The future ends with that read. */
    CompletableFuture<Optional<String>> unhealthy() {
        String unready = unready();
        Opened now = opened;
        if (unready != null || now == null) {
            return CompletableFuture.completedFuture(Optional.ofNullable(unready));
        }
        return now.store
                .get(KEY)
                .orTimeout(readTimeout.toMillis(), TimeUnit.MILLISECONDS)
                .handle((read, failure) ->
                        failure == null || isRefusal(failure) ? Optional.empty() : Optional.of(READ_FAILED));
    }

    /** Access control has looked at a linearizable state when it refuses. */
    private static boolean isRefusal(Throwable failure) {
        return failure instanceof AccessException
                || (failure instanceof CompletionException && failure.getCause() instanceof AccessException);
    }
}
