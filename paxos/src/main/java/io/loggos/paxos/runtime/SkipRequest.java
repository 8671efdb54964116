package io.loggos.paxos.runtime;

import io.loggos.api.LoggosException;
import io.loggos.api.NodeClosedException;
import io.loggos.api.NodeId;
import io.loggos.api.node.SlotNotSkippedException;
import io.loggos.internal.user.UserCode;
import io.loggos.paxos.core.model.SkipCaller;
import io.loggos.paxos.runtime.loop.LoopReplicas;
import io.loggos.paxos.runtime.replica.LocalReplica;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An operator's request to skip a slot, asked of a replica on this node. */
final class SkipRequest implements SkipCaller {
    private final String log;
    private final UserCode userCode;
    private final CompletableFuture<Void> future = new CompletableFuture<>();

    private SkipRequest(String log, UserCode userCode) {
        this.log = log;
        this.userCode = userCode;
    }

    /** Asks the replica. The future ends on a thread for answers. */
    static CompletableFuture<Void> ask(
            LocalReplica replica, long slot, Set<NodeId> without, LoopReplicas replicas, UserCode userCode) {
        SkipRequest request = new SkipRequest(replica.name(), userCode);
        replicas.skip(
                replica,
                slot,
                without,
                request,
                () -> request.end(new NodeClosedException("log \"" + replica.name() + "\" is not open here any more")));
        return request.future;
    }

    @Override
    public void ended(@Nullable String refusal) {
        end(refusal == null ? null : new SlotNotSkippedException("log \"" + log + "\": " + refusal));
    }

    private void end(@Nullable LoggosException failure) {
        userCode.answer(() -> {
            if (failure == null) {
                future.complete(null);
            } else {
                future.completeExceptionally(failure);
            }
        });
    }
}
