package io.loggos.multicast.core;

import io.loggos.multicast.wire.Frame.Welcome;

/**
 * The decisions that make connections, which break, into a link: one-way FIFO, without loss, duplicate or
 * reordering within a generation. Each is one line, stands here once, and is what the mutants of the tests
 * get wrong.
 */
class LinkRules {
    /**
     * Sender: whether the generation goes on over a new connection. It does if the peer is the process it was
     * and either knows the generation and lacks nothing that was dropped here as acknowledged, or has had
     * nothing of it yet.
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

    /** Sender: the message that a resumed generation goes on with. */
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

    /** Receiver: what is acknowledged. Never more than was delivered: the sender forgets it. */
    long acknowledges(long received) {
        return received;
    }
}
