package io.loggos.examples.server.http;

import java.util.concurrent.atomic.AtomicLong;

/** Bounds the bodies of requests that are not whole yet, each and all together. Any thread. */
final class BodyRoom {
    /** The most bytes of one object. The largest message has room, with its bytes in base64. */
    static final int MOST_BYTES = 4 << 20;

    private static final int ROOMS_PER_HEAP = 16;

    private final int mostMessageBytes;
    private final long most = Math.max(4 * MOST_BYTES, Runtime.getRuntime().maxMemory() / ROOMS_PER_HEAP);
    private final AtomicLong taken = new AtomicLong();

    /** @param mostMessageBytes the most bytes of a message as a protocol buffer */
    BodyRoom(int mostMessageBytes) {
        this.mostMessageBytes = mostMessageBytes;
    }

    int mostMessageBytes() {
        return mostMessageBytes;
    }

    /** Takes bytes, or gives them back. Returns false if there is no room; what was asked counts as taken. */
    boolean take(int bytes) {
        return taken.addAndGet(bytes) <= most || bytes <= 0;
    }
}
