package io.loggos.multicast.core;

import io.loggos.multicast.wire.Frame.Welcome;

/**
 * Decisions that turn connections, which break, into a link.
 *
 * <p>A link is one-way FIFO, without loss, duplicate or reordering within a generation. Each decision is one line and
 * stands here once. The mutants of the tests break them one by one.
 */
class LinkRules {
    /** The most by which one frame may raise a generation. No process resets a link so often. */
    private static final long LARGEST_STEP = 1L << 32;

    /** Both ends: whether a peer can honestly name this generation (RULES.md B-6). */
    boolean isPlausible(long generation, long known) {
        return generation - known <= LARGEST_STEP;
    }

    /**
     * Sender: whether the generation goes on over a new connection.
     *
     * <p>It goes on if the peer is the same process as before and one of two holds. Either the peer knows the
     * generation and lacks nothing that was dropped here as acknowledged, or it has had nothing of it yet.
     */
    boolean resumes(boolean samePeerLife, long generation, long acknowledged, long sent, Welcome welcome) {
        if (!samePeerLife || welcome.generation() > generation) {
            return false;
        }
        if (welcome.generation() < generation) {
            return acknowledged == 0;
        }
        return welcome.resumable() && welcome.received() >= acknowledged && welcome.received() <= sent;
    }

    /** Sender: number of the first message that a resumed generation sends. */
    long resumeAt(long received) {
        return received + 1;
    }

    /** Receiver: whether data belongs to a generation that has ended. */
    boolean isStale(long generation, long known, boolean resumable) {
        return generation < known || (generation == known && !resumable);
    }

    /** Receiver: whether messages are missing between the last one received and these. */
    boolean isGap(long first, long received) {
        return first > received + 1;
    }

    /** Receiver: whether this message was delivered already, and came again over another connection. */
    boolean isDuplicate(long number, long received) {
        return number <= received;
    }

    /** Receiver: number that is acknowledged. It is never above what was delivered, since the sender forgets it. */
    long acknowledges(long received) {
        return received;
    }
}
