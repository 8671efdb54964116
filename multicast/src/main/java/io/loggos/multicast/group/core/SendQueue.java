package io.loggos.multicast.group.core;

import org.jspecify.annotations.Nullable;

/** What the application has asked to send and was not sent yet, in its order. Looked at on the loop's thread. */
public interface SendQueue {
    /** The next; null if there is none. */
    @Nullable
    Submission peek();

    /** Takes the next. */
    Submission poll();
}
