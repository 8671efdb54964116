package io.loggos.benchmarks.systems.multicast;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Load that sends from one member as fast as flow control lets it, from a thread of its own. It ends when it is stopped
 * or when a send fails.
 */
public final class MemberLoad {
    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(30);

    private final MulticastMember member;
    private final int number;
    private final int payloadBytes;
    private final Thread thread;
    private final AtomicLong sent = new AtomicLong();
    private volatile boolean stopped;
    private volatile @Nullable Exception failure;

    /** Creates a load that has yet to start. */
    public MemberLoad(MulticastMember member, int number, int payloadBytes) {
        this.member = member;
        this.number = number;
        this.payloadBytes = payloadBytes;
        this.thread = new Thread(this::run, "sender-" + number);
        this.thread.setDaemon(true);
    }

    /** Returns the number of the member. */
    public int number() {
        return number;
    }

    /** Begins to send. */
    public void start() {
        thread.start();
    }

    /** Stops sending; a send may still be under way. */
    public void stop() {
        stopped = true;
    }

    /**
     * Waits until the last send has returned.
     *
     * @return what went wrong: the failure of a send, or a send that does not return; null if nothing did
     */
    public @Nullable Exception join() throws InterruptedException {
        thread.join(PATIENCE_MILLIS);
        return thread.isAlive()
                ? new IllegalStateException("a send of member " + number + " does not return")
                : failure;
    }

    /** Returns the number of messages that were sent. */
    public long sent() {
        return sent.get();
    }

    private void run() {
        long sequence = 0;
        try {
            while (!stopped) {
                member.multicast(NumberedMessage.of(number, sequence, payloadBytes));
                sent.lazySet(++sequence);
            }
        } catch (Exception e) {
            failure = e;
        }
    }
}
