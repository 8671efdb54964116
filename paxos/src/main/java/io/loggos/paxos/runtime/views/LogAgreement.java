package io.loggos.paxos.runtime.views;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.GroupId;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.Result;
import io.loggos.api.replica.StateMachine;
import io.loggos.multicast.group.core.agreement.ViewAgreement;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupMessage.Agree;
import io.loggos.multicast.group.core.model.GroupMessage.Leave;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.Proposal;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides the primary views of groups through a replicated log of the same nodes.
 *
 * <p>The log never forgets a view that it has granted, whichever node restarts. A view change costs one commit more
 * than with a majority of the nodes, and it waits while the log has no leader. The loop calls the methods.
 */
public final class LogAgreement implements ViewAgreement {
    /** The name of the log. */
    public static final String LOG = "loggos.views";

    private static final Logger LOGGER = LoggerFactory.getLogger(LogAgreement.class);

    /** Passes the answers to the group, on the loop's thread. */
    public interface Listener {
        /**
         * Reports an answer, as {@link io.loggos.multicast.group.core.GroupProcess#onAgreed} takes it. Called on any
         * thread.
         */
        void onAgreed(GroupId group, Proposal proposal, boolean primary, long higherCounter);
    }

    private final NodeId self;
    private final Supplier<@Nullable Replica> log;
    private Listener listener = (group, proposal, primary, higherCounter) -> {};
    /** The last question of each group, until the log has answered. */
    private final TreeMap<GroupId, Asked> asked = new TreeMap<>();

    /** A question to the log. */
    private record Asked(Proposal proposal, CompletableFuture<Result<Bytes>> answer) {}

    /**
     * Creates the agreement of a node.
     *
     * @param log the log with this name on this node; null while it is not open
     */
    public LogAgreement(NodeId self, Supplier<@Nullable Replica> log) {
        this.self = self;
        this.log = log;
    }

    /** Sets the receiver of the answers. Before the first question. */
    public void answerTo(Listener newListener) {
        listener = newListener;
    }

    /** Returns the state machine with which the log must be opened. */
    public static StateMachine stateMachine() {
        return new PrimaryLines();
    }

    @Override
    public void propose(GroupId group, Proposal proposal) {
        Asked before = asked.get(group);
        if (before != null && before.proposal.equals(proposal) && !before.answer.isDone()) {
            return;
        }
        CompletableFuture<Result<Bytes>> answer = submit(group, new Agree(proposal));
        if (answer == null) {
            return;
        }
        asked.put(group, new Asked(proposal, answer));
        CompletableFuture<?> unused = answer.whenComplete((result, failure) -> {
            if (failure == null) {
                PrimaryLines.Answer decided = PrimaryLines.Answer.decode(result.value());
                listener.onAgreed(group, proposal, decided.granted(), decided.granted() ? 0 : decided.counter());
            } else {
                // The group asks again as long as it needs an answer.
                LOGGER.debug("{}: the log does not answer about {}", group, proposal, failure);
            }
        });
    }

    @Override
    public void left(GroupId group, Member member) {
        CompletableFuture<?> unused = submit(group, new Leave(member));
    }

    private @Nullable CompletableFuture<Result<Bytes>> submit(GroupId group, GroupMessage message) {
        Replica replica = log.get();
        return replica == null ? null : replica.propose(PrimaryLines.command(self, group, message));
    }
}
