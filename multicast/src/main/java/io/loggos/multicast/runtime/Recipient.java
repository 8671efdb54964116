package io.loggos.multicast.runtime;

import io.loggos.api.NodeId;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.GroupState;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.ViewId;
import io.loggos.api.spi.Meters;
import io.loggos.multicast.group.core.GroupProcess;
import io.loggos.multicast.group.core.model.Packet;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member's application, as the agent for deliveries sees it.
 *
 * <p>If a listener throws, its application may differ from the others' from then on. So it is told nothing more, and
 * the member leaves.
 */
final class Recipient {
    private static final Logger LOGGER = LoggerFactory.getLogger(Recipient.class);

    private final GroupMember member;
    private final LocalGroup group;
    private final GroupListener listener;
    private final Meters.Counter delivered;
    private int rank = -1;
    /** True if the application was told of a view. */
    private boolean entered;
    /** True if the application was told of a view, and not of its end. */
    private boolean inView;

    private boolean failed;

    Recipient(GroupMember member, LocalGroup group) {
        this.member = member;
        this.group = group;
        this.listener = group.listener();
        this.delivered = group.meters().delivered();
    }

    GroupMember member() {
        return member;
    }

    void messages(NodeId sender, Packet packet) {
        boolean isForThisMember = packet.to() < 0 || packet.to() == rank;
        if (packet.count() > 0 && isForThisMember && !failed) {
            call(() -> packet.forEachMessage(message -> listener.onMessage(sender, message)));
            delivered.add(packet.count());
        }
    }

    void view(ViewChange change) {
        if (!failed) {
            inView = true;
            rank = change.view().rank(member.node());
            group.told(change.view());
            call(() -> listener.onView(change));
            if (!entered) {
                entered = true;
                member.restoredMessages().forEach(each -> call(() -> listener.onMessage(each.from(), each.message())));
            }
        }
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
            group.told(null);
            call(() -> listener.onEvicted(reason));
        }
    }

    void capture(ViewId boundary) {
        GroupState state = group.options().state().orElse(null);
        if (state != null && !failed) {
            call(() -> member.keep(boundary, state.capture()));
        }
    }

    /** Restores a state; returns whether that went well. */
    boolean restore(ViewId boundary, Path directory) {
        GroupState state = group.options().state().orElse(null);
        if (state == null || failed) {
            return false;
        }
        try {
            state.restore(directory);
        } catch (IOException | RuntimeException e) {
            LOGGER.warn("group \"{}\": the state of {} cannot be restored", group.name(), boundary, e);
            return false;
        }
        member.submit(process -> process.onStateRestored(boundary));
        return true;
    }

    void lost(ViewId boundary) {
        member.submit(process -> process.onStateLost(boundary));
    }

    void ended() {
        group.ended();
    }

    private void call(Runnable listenerCall) {
        try {
            listenerCall.run();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void fail(RuntimeException cause) {
        failed = true;
        String reason = "the listener threw " + cause;
        LOGGER.error("group \"{}\": this member leaves and joins again, since {}", group.name(), reason, cause);
        group.told(null);
        try {
            listener.onEvicted(reason);
        } catch (RuntimeException again) {
            LOGGER.error("group \"{}\": the listener threw once more", group.name(), again);
        }
        member.rejoin();
    }
}
