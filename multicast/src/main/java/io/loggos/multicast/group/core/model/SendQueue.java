package io.loggos.multicast.group.core.model;

import org.jspecify.annotations.Nullable;

/** Messages that the application has asked to send and that were not sent yet, in order. Used on the loop's thread. */
public interface SendQueue {
    /** Returns the next message; null if there is none. */
    @Nullable
    Submission peek();

    /** Takes the next message. */
    Submission poll();
}
