package io.loggos.multicast.group.core;

import io.loggos.api.NodeId;
import io.loggos.multicast.group.core.GroupMessage.Cut;
import io.loggos.multicast.group.core.GroupMessage.CutAck;
import io.loggos.multicast.group.core.GroupMessage.Flush;
import io.loggos.multicast.group.core.GroupMessage.Flushed;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A member's part in ending one view.
 *
 * <p>It answers the highest attempt only. It remembers the cut that it has acknowledged last, for a coordinator that
 * takes over (RULES.md V-6).
 */
final class FlushState {
    private final ViewChannel channel;
    private final Member self;
    private final BiConsumer<NodeId, GroupMessage> send;

    /** The highest attempt that was answered; null before the first. */
    private @Nullable Attempt promised;

    private @Nullable Flushed digest;
    /** The cut of the promised attempt, once it is known. */
    private @Nullable Cut pending;
    /** The cut that was acknowledged last: all of its packets are here. */
    private @Nullable Cut acknowledged;

    FlushState(ViewChannel channel, Member self, BiConsumer<NodeId, GroupMessage> send) {
        this.channel = channel;
        this.self = self;
        this.send = send;
    }

    boolean isFlushing() {
        return promised != null;
    }

    @Nullable
    Attempt promised() {
        return promised;
    }

    @Nullable
    Cut acknowledged() {
        return acknowledged;
    }

    void onFlush(Flush flush, boolean hasState) {
        int order = promised == null ? 1 : flush.attempt().compareTo(promised);
        if (order < 0) {
            return;
        }
        if (order > 0 || digest == null) {
            promised = flush.attempt();
            pending = null;
            digest = new Flushed(
                    flush.view(), flush.attempt(), channel.freeze(), channel.held(), acknowledged, hasState);
        }
        send.accept(flush.attempt().coordinator(), digest);
    }

    void onCut(Cut cut) {
        if (!cut.attempt().equals(promised) || !cut.survivors().contains(self)) {
            return;
        }
        if (pending == null) {
            pending = cut;
            channel.relay(cut);
        }
        acknowledgeIfComplete();
    }

    /** Acknowledges the cut once all of it is here; again if asked again. */
    void acknowledgeIfComplete() {
        Cut cut = pending;
        if (cut != null && channel.hasAll(cut.union())) {
            acknowledged = cut;
            send.accept(cut.attempt().coordinator(), new CutAck(cut.view(), cut.attempt()));
        }
    }

    /** Last report, for a coordinator that does not know of the flush; null if there was none. */
    @Nullable
    Flushed digest() {
        return digest;
    }

    /** True if a cut waits for packets. */
    boolean isIncomplete() {
        return pending != null
                && (acknowledged == null || !acknowledged.attempt().equals(pending.attempt()));
    }
}
