package io.loggos.multicast.group.core.viewchange;

import io.loggos.api.NodeId;
import io.loggos.multicast.group.core.channel.ViewChannel;
import io.loggos.multicast.group.core.model.Attempt;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupMessage.Flush;
import io.loggos.multicast.group.core.model.GroupMessage.Flushed;
import io.loggos.multicast.group.core.model.GroupMessage.Trim;
import io.loggos.multicast.group.core.model.GroupMessage.Trimmed;
import io.loggos.multicast.group.core.model.Member;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A member's part in ending one view.
 *
 * <p>It answers the highest attempt only. It remembers the cut that it has acknowledged last, for a coordinator that
 * takes over (RULES.md V-6).
 */
public final class FlushState {
    private final ViewChannel channel;
    private final Member self;
    private final BiConsumer<NodeId, GroupMessage> send;

    /** The highest attempt that was answered; null before the first. */
    private @Nullable Attempt promised;

    private @Nullable Flushed digest;
    /** The cut of the promised attempt, once it is known. */
    private @Nullable Trim pending;
    /** The cut that was acknowledged last: all of its packets are here. */
    private @Nullable Trim trimmed;

    public FlushState(ViewChannel channel, Member self, BiConsumer<NodeId, GroupMessage> send) {
        this.channel = channel;
        this.self = self;
        this.send = send;
    }

    public boolean isFlushing() {
        return promised != null;
    }

    @Nullable
    public Attempt promised() {
        return promised;
    }

    @Nullable
    public Trim trimmed() {
        return trimmed;
    }

    public void onFlush(Flush flush, boolean hasState) {
        int order = promised == null ? 1 : flush.attempt().compareTo(promised);
        if (order < 0) {
            return;
        }
        if (order > 0 || digest == null) {
            promised = flush.attempt();
            pending = null;
            digest = new Flushed(flush.view(), flush.attempt(), channel.freeze(), trimmed, hasState);
        }
        send.accept(flush.attempt().coordinator(), digest);
    }

    public void onTrim(Trim trim) {
        if (!trim.attempt().equals(promised) || !trim.survivors().contains(self)) {
            return;
        }
        if (pending == null) {
            pending = trim;
            channel.relay(trim);
        }
        acknowledgeIfComplete();
    }

    /** Acknowledges the cut once all of it is here; again if asked again. */
    public void acknowledgeIfComplete() {
        Trim trim = pending;
        if (trim != null && channel.waitsForOrigin(trim)) {
            return;
        }
        if (trim != null && channel.hasAll(trim.union())) {
            trimmed = trim;
            send.accept(trim.attempt().coordinator(), new Trimmed(trim.view(), trim.attempt()));
        }
    }

    /** Last report, for a coordinator that does not know of the flush; null if there was none. */
    @Nullable
    public Flushed digest() {
        return digest;
    }

    /** True if a cut waits for packets. */
    public boolean isIncomplete() {
        return pending != null && (trimmed == null || !trimmed.attempt().equals(pending.attempt()));
    }
}
