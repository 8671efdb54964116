package io.loggos.paxos.runtime;

import io.loggos.api.NodeId;
import io.loggos.api.spi.Clock;
import io.loggos.api.spi.Transport;
import io.loggos.paxos.runtime.events.PeerWatch;
import io.loggos.paxos.runtime.loop.LinkRouter;
import java.time.Duration;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects to peers for the loop, and logs the reasons of refusals: each reason at once, then every minute.
 *
 * <p>Strangers cause refusals, and choose what is in them. So all reasons together have a bounded number of lines a
 * minute.
 */
final class RefusalLog implements LinkRouter.Dialer {
    private static final Logger LOGGER = LoggerFactory.getLogger(RefusalLog.class);
    private static final long AGAIN_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MOST_REASONS = 1_000;
    private static final int MOST_LINES = 30;

    private final NodeId self;
    private final Transport transport;
    private final Clock clock;
    private final PeerWatch watch;
    private final TreeMap<String, Long> loggedAtNanos = new TreeMap<>();
    private long minuteNanos;
    private int lines;
    private long left;

    RefusalLog(NodeId self, Transport transport, Clock clock, PeerWatch watch) {
        this.self = self;
        this.transport = transport;
        this.clock = clock;
        this.watch = watch;
    }

    @Override
    public void dial(NodeId peer) {
        transport.connect(peer);
    }

    @Override
    public void formed() {
        watch.formed();
    }

    @Override
    public void fenced(String reason) {
        watch.fenced(reason);
    }

    @Override
    public void removed(String reason) {
        watch.removed(reason);
    }

    @Override
    public void refused(NodeId peer, String reason) {
        long now = clock.nanos();
        Long last = loggedAtNanos.get(peer + reason);
        if (last == null || now - last >= AGAIN_NANOS) {
            if (loggedAtNanos.size() >= MOST_REASONS) {
                loggedAtNanos.clear();
            }
            loggedAtNanos.put(peer + reason, now);
            if (now - minuteNanos >= AGAIN_NANOS) {
                if (left > 0) {
                    LOGGER.warn("node {}: {} refusals were not logged", self.value(), left);
                }
                minuteNanos = now;
                lines = 0;
                left = 0;
            }
            if (lines < MOST_LINES) {
                lines++;
                LOGGER.warn("node {} and node {}: {}", self.value(), peer.value(), reason);
            } else {
                left++;
            }
        }
    }
}
