package io.loggos.multicast.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.GroupState;
import io.loggos.api.group.Receipt;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.ViewId;
import io.loggos.api.spi.Meters;
import io.loggos.internal.user.UserCode;
import io.loggos.multicast.group.core.GroupProcess;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.PendingReceipt;
import io.loggos.multicast.group.request.RequestEnvelope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member's application, as the group's lane sees it.
 *
 * <p>If a listener throws, its application may differ from the others' from then on. So it is told nothing more, and
 * the member leaves.
 */
final class Recipient {
    private static final Logger LOGGER = LoggerFactory.getLogger(Recipient.class);

    private final UserCode userCode;
    private final GroupMember member;
    private final LocalGroup group;
    private final GroupListener listener;
    private final Meters.Counter delivered;
    private int rank = -1;
    /** True if the application was told of a view, and not of its end. */
    private boolean inView;

    private boolean failed;

    Recipient(GroupMember member, LocalGroup group, UserCode userCode) {
        this.userCode = userCode;
        this.member = member;
        this.group = group;
        this.listener = group.listener();
        this.delivered = group.meters().delivered();
    }

    GroupMember member() {
        return member;
    }

    /** Names the listener for people. */
    String name() {
        return "the listener of group \"" + group.name() + "\"";
    }

    void messages(NodeId sender, Packet packet) {
        boolean isForThisMember = packet.to() < 0 || packet.to() == rank;
        if (packet.count() > 0 && isForThisMember && !failed) {
            giveRestored();
            call(() -> packet.forEachMessage(receiver(sender, packet)));
            delivered.add(packet.count());
        }
    }

    private Consumer<Bytes> receiver(NodeId sender, Packet packet) {
        return switch (packet.content()) {
            case MESSAGES -> message -> listener.onMessage(sender, message);
            case REQUESTS -> message -> answer(sender, RequestEnvelope.readRequest(message));
            case ANSWERS -> message -> answered(sender, RequestEnvelope.readAnswer(message));
        };
    }

    private void answer(NodeId sender, @Nullable RequestEnvelope request) {
        if (request == null) {
            return;
        }
        Bytes answer = answerOf(sender, request);
        if (sender.equals(member.node())) {
            answered(sender, RequestEnvelope.readAnswer(answer));
        } else {
            group.answer(sender, answer);
        }
    }

    private Bytes answerOf(NodeId sender, RequestEnvelope request) {
        try {
            Bytes answer = RequestEnvelope.answer(request.number(), listener.onRequest(sender, request.content()));
            return answer.size() <= group.options().maxMessageBytes()
                    ? answer
                    : RequestEnvelope.failure(request.number(), "the answer is too large: " + answer.size() + " bytes");
        } catch (RuntimeException e) {
            return RequestEnvelope.failure(request.number(), e.toString());
        } catch (Throwable e) {
            userCode.threw(name(), e);
            return RequestEnvelope.failure(request.number(), e.toString());
        }
    }

    private void answered(NodeId sender, @Nullable RequestEnvelope answer) {
        if (answer != null) {
            group.requests().onAnswer(sender, answer);
        }
    }

    void view(ViewChange change) {
        if (!failed) {
            inView = true;
            rank = change.view().rank(member.node());
            group.told(change.view());
            call(() -> listener.onView(change));
            group.viewTold(change);
            if (group.restored().isCompleteIn(change.view())) {
                giveRestored();
            }
        }
    }

    /** Gives the messages from a snapshot, if they still wait and there is a view. */
    void giveRestored() {
        if (group.restored().waits() && group.view().isPresent() && !failed) {
            group.restored().take().forEach(each -> call(() -> listener.onRestored(each.from(), each.message())));
        }
    }

    /**
     * Reports the fate of a message.
     *
     * @param told true if the application was told of everything before it
     */
    void receipt(PendingReceipt pending, Receipt receipt, boolean told) {
        boolean isVoid = receipt.isDelivered() && (failed || !told);
        pending.end(isVoid ? new Receipt(Receipt.Outcome.UNKNOWN, receipt.view()) : receipt);
    }

    /** Reports an eviction, after which the process may look for the group again. */
    void evicted(String reason) {
        endView(reason);
        member.submit(GroupProcess::onEvictionTold);
    }

    /** Reports that the view has ended without a next one, because a newer state replaces all that was told. */
    void startsAnew() {
        if (inView) {
            endView("the view changed before the others knew that this member had the state");
        }
    }

    private void endView(String reason) {
        inView = false;
        if (!failed) {
            tellEviction(reason);
        }
    }

    private void tellEviction(String reason) {
        group.told(null);
        userCode.attempt(name(), () -> listener.onEvicted(reason));
        group.requests().onEvicted();
    }

    void capture(ViewId boundary) {
        GroupState state = group.options().state().orElse(null);
        if (state != null && !failed) {
            call(() -> member.keep(boundary, state.capture(), group.restored().encode()));
        }
    }

    /** Restores a state; returns whether that went well. */
    boolean restore(ViewId boundary, Path directory, Bytes restored) {
        GroupState state = group.options().state().orElse(null);
        if (state == null || failed) {
            return false;
        }
        try {
            state.restore(directory);
            group.restored().replace(restored);
        } catch (IOException e) {
            LOGGER.warn("group \"{}\": the state of {} cannot be restored", group.name(), boundary, e);
            return false;
        } catch (Throwable e) {
            userCode.threw("the state of group \"" + group.name() + "\"", e);
            return false;
        }
        member.stateRestored(boundary);
        return true;
    }

    void lost(ViewId boundary) {
        member.submit(process -> process.onStateLost(boundary));
    }

    void ended() {
        group.ended();
    }

    private void call(Runnable listenerCall) {
        if (failed) {
            return;
        }
        try {
            listenerCall.run();
        } catch (Throwable e) {
            fail(e);
        }
    }

    private void fail(Throwable cause) {
        failed = true;
        userCode.threw(name(), cause);
        String reason = "the listener threw " + cause;
        LOGGER.warn("group \"{}\": this member leaves and joins again, since {}", group.name(), reason);
        tellEviction(reason);
        member.rejoin();
    }
}
