package io.loggos.multicast.group.core;

import io.loggos.api.group.ViewId;
import java.util.ArrayDeque;

/**
 * Bytes of earlier views that wait for the application of one member.
 *
 * <p>An application takes its events in order. So once it has taken a packet of a view, it has taken all earlier views.
 */
final class Backlog {
    private record Left(ViewId view, long bytes) {}

    private final ArrayDeque<Left> views = new ArrayDeque<>();
    private long bytes;

    long bytes() {
        return bytes;
    }

    /** Notes the bytes that wait at the end of a view. */
    void leave(ViewId view, long waitingBytes) {
        if (waitingBytes > 0) {
            views.add(new Left(view, waitingBytes));
            bytes += waitingBytes;
        }
    }

    /** Notes that the application has taken a packet of a view. */
    void consumedIn(ViewId view) {
        for (Left first = views.peek(); first != null && first.view.compareTo(view) < 0; first = views.peek()) {
            bytes -= first.bytes;
            views.remove();
        }
    }

    /** Notes that nothing of the views so far will be taken. */
    void clear() {
        views.clear();
        bytes = 0;
    }
}
