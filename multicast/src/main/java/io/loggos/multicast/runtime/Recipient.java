package io.loggos.multicast.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.GroupState;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.ViewId;
import io.loggos.api.spi.Meters;
import io.loggos.internal.user.UserCode;
import io.loggos.multicast.group.core.model.Packet;
import java.io.IOException;
import java.nio.file.Path;
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
            call(() -> packet.forEachMessage(message -> listener.onMessage(sender, message)));
            delivered.add(packet.count());
        }
    }

    void view(ViewChange change) {
        if (!failed) {
            rank = change.view().rank(member.node());
            group.told(change.view());
            call(() -> listener.onView(change));
            if (group.isRestoredIn(change.view())) {
                giveRestored();
            }
        }
    }

    /** Gives the messages from a snapshot, if they still wait and there is a view. */
    void giveRestored() {
        if (group.hasRestored() && group.view().isPresent() && !failed) {
            group.takeRestored().forEach(each -> call(() -> listener.onRestored(each.from(), each.message())));
        }
    }

    void evicted(String reason) {
        if (!failed) {
            group.told(null);
            userCode.attempt(name(), () -> listener.onEvicted(reason));
        }
    }

    void capture(ViewId boundary) {
        GroupState state = group.options().state().orElse(null);
        if (state != null && !failed) {
            call(() -> member.keep(boundary, state.capture(), group.encodedRestored()));
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
            group.replaceRestored(restored);
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
        group.told(null);
        userCode.attempt(name(), () -> listener.onEvicted(reason));
        member.rejoin();
    }
}
