package io.loggos.paxos.runtime.replica;

import io.loggos.api.NodeId;
import io.loggos.api.replica.LeadershipTransferException;
import io.loggos.paxos.core.model.TransferCaller;
import org.jspecify.annotations.Nullable;

/** A transfer of leadership that a caller on this node has asked for. */
public final class PendingTransfer extends PendingRequest<Void> implements TransferCaller {
    public final NodeId target;

    PendingTransfer(LocalReplica replica, NodeId target, long calledAtNanos) {
        super(replica, calledAtNanos);
        this.target = target;
    }

    @Override
    public void at(long now) {
        replica.loop().transfer(this, now);
    }

    @Override
    public void ended(LeadershipTransferException.@Nullable Reason failure) {
        if (failure != null) {
            fail(new LeadershipTransferException(
                    failure, "log \"" + replica.name() + "\", to node " + target.value() + ": " + text(failure)));
        } else if (end()) {
            replica.loop().answer(() -> complete(null));
        }
    }

    private String text(LeadershipTransferException.Reason reason) {
        return switch (reason) {
            case NOT_LEADER -> "node " + replica.node().value() + " does not lead";
            case UNKNOWN_TARGET -> "the target is no voter";
            case UNREACHABLE_TARGET -> "the target takes no part, or has no contact with this node or with a quorum";
            case TARGET_BEHIND -> "the target is too far behind";
            case BUSY -> "a transfer to another node is under way";
            case TIMED_OUT -> "the target was not seen to lead in time";
        };
    }

    @Override
    public void fail(RuntimeException cause) {
        if (end()) {
            failure(cause);
        }
    }
}
