package io.loggos.multicast.group.core.channel;

import io.loggos.api.group.ViewId;
import io.loggos.multicast.group.core.model.GroupMessage.Received;
import io.loggos.multicast.group.core.model.Packet;

/**
 * Acknowledgements that this member owes a sender: how far it has received, and its application has taken.
 *
 * <p>One is sent when a good part of the window has come or was taken. For safe packets it is sent at once, otherwise
 * with the next tick.
 */
final class Receipts {
    private final SenderStream stream;
    private final long enoughBytes;

    /** Numbers of the last acknowledgement. */
    private long received;

    private long consumed;
    private long taken;
    private long consumedBytes;
    /** Bytes received since. */
    private long unacknowledgedBytes;

    private boolean urgent;

    Receipts(SenderStream stream, long enoughBytes) {
        this.stream = stream;
        this.enoughBytes = enoughBytes;
    }

    void received(Packet packet) {
        unacknowledgedBytes += packet.costBytes();
        urgent |= packet.isSafe();
    }

    boolean isDue() {
        return urgent || unacknowledgedBytes >= enoughBytes || stream.consumedBytes() - consumedBytes >= enoughBytes;
    }

    boolean hasNews() {
        return stream.received() > received || stream.consumed() > taken;
    }

    /** Repeats the acknowledgement, since the last one may have been lost. */
    void forget() {
        received = -1;
    }

    /** @param feeds whether what was received counts as taken */
    Received next(ViewId view, boolean feeds) {
        received = stream.received();
        consumed = Math.max(consumed, feeds ? received : stream.consumed());
        taken = stream.consumed();
        consumedBytes = stream.consumedBytes();
        unacknowledgedBytes = 0;
        urgent = false;
        return new Received(view, received, consumed, taken);
    }
}
