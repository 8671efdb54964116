package io.loggos.benchmarks.systems.multicast;

import java.util.concurrent.TimeUnit;

/** Sends from one member, from a thread of its own, as fast as it is let, until it is stopped or a send fails. */
public final class MemberLoad {
    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(30);

    private final MulticastMember member;
    private final int number;
    private final int payloadBytes;
    private final Thread thread = new Thread(this::run, "load");
    private volatile boolean stopped;
    private volatile long sent;
    private volatile String failure = "";

    public MemberLoad(MulticastMember member, int number, int payloadBytes) {
        this.member = member;
        this.number = number;
        this.payloadBytes = payloadBytes;
    }

    public void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Sends no more, and tells how many were sent, and, after a blank, what went wrong if anything did. */
    public String stop() throws InterruptedException {
        stopped = true;
        thread.join(PATIENCE_MILLIS);
        if (thread.isAlive()) {
            return sent + " a send does not return";
        }
        return failure.isEmpty() ? Long.toString(sent) : sent + " " + failure;
    }

    private void run() {
        long sequence = 0;
        try {
            while (!stopped) {
                member.multicast(NumberedMessage.of(number, sequence, payloadBytes));
                sent = ++sequence;
            }
        } catch (Exception e) {
            failure = e.toString().replace('\n', ' ');
        }
    }
}
