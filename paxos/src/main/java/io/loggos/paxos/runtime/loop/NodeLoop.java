package io.loggos.paxos.runtime.loop;

import io.loggos.api.spi.Clock;
import io.loggos.internal.loop.Agent;
import io.loggos.internal.loop.EventLoop;
import io.loggos.multicast.core.Links;
import io.loggos.multicast.runtime.GroupHost;
import io.loggos.paxos.runtime.agent.LanePool;
import io.loggos.paxos.runtime.events.PeerWatch;
import io.loggos.paxos.runtime.replica.Applier;
import io.loggos.snapshot.runtime.SnapshotHost;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The duty cycle of a node: it owns the protocol state of all its logs, groups and links.
 *
 * <p>A turn takes the queued events and runs each. Then it lets the effects out together: one submission to the log,
 * one frame to each peer.
 */
public final class NodeLoop implements Agent {
    /** The name of this agent. */
    public static final String NAME = "loop";

    private static final Logger LOGGER = LoggerFactory.getLogger(NodeLoop.class);
    private static final int EVENTS_PER_TURN = 4096;
    /** Time between two looks at requests that wait for the apply thread. */
    private static final long EXPIRY_NANOS = 50_000_000;

    /**
     * The parts that a turn goes through. All are complete, and used by the loop's thread only.
     *
     * @param events the queue that the turns take from; any thread adds
     * @param router brings events of the links to the protocols
     */
    public record Parts(
            Clock clock,
            NodeEvents events,
            LinkRouter router,
            Links links,
            OpenLogs logs,
            Timers timers,
            TurnOutbox outbox,
            Applier applier,
            LanePool longTasks,
            GroupHost groups,
            SnapshotHost snapshots,
            PeerContacts contacts,
            PeerWatch watch) {}

    private final Parts parts;
    private long now;
    private @Nullable Runnable whenClosed;
    private long expiryNanos = Long.MIN_VALUE;
    /** The event that runs, so that its sender is told if this loop dies of it. */
    private EventLoop.@Nullable Step running;

    public NodeLoop(Parts parts) {
        this.parts = parts;
    }

    /** Begins: looks for the peers, and joins the group of all nodes. Any thread. */
    public void start() {
        parts.events.submit(at -> {
            parts.watch.begin();
            parts.links.start(at);
            parts.groups.start(at);
        });
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int doWork() {
        now = parts.clock.nanos();
        parts.logs.beginTurn(now);
        parts.router.beginTurn(now);
        int work = 0;
        for (EventLoop.Step event = parts.events.poll(); event != null; event = parts.events.poll()) {
            running = event;
            event.at(now);
            if (++work == EVENTS_PER_TURN) {
                break;
            }
        }
        running = null;
        if (now >= parts.links.nextTickNanos()) {
            parts.links.onTick(now);
            work++;
        }
        if (now >= expiryNanos) {
            expiryNanos = now + EXPIRY_NANOS;
            parts.logs.expire(now);
            if (parts.applier.hasNews()) {
                parts.logs.onApplied(parts.applier.takeNews()); // Their worker may be held up by another log.
            }
        }
        work += parts.timers.fire(now, this::onTimer);
        work += parts.outbox.release();
        endTurn();
        return work;
    }

    private void onTimer(LogProcess process, Timers.Timer timer) {
        if (!process.isRetired()) {
            process.step(() -> process.core().onTimer(timer.id(), now, process.out()));
            parts.logs.touch(process);
        }
    }

    private void endTurn() {
        if (parts.router.takeGraphChanged()) {
            onConnectivity();
        }
        parts.contacts.heard(parts.links, now);
        if (parts.outbox.takeRoom()) {
            parts.logs.all().forEach(parts.logs::touch);
        }
        // Read again, after all that this turn has taken: the thread may have stood still meanwhile (RULES.md L-2).
        parts.logs.endTurn(parts.clock.nanos(), parts.clock.wallMillis());
        parts.events.runDue(now);
        parts.snapshots.endTurn(now);
        parts.groups.endTurn(now);
        // Messages that need no write of this turn do not wait for the next one.
        parts.outbox.release();
        // The peers first: the way to their disks is longer than to this node's. Last comes what no other node waits
        // for.
        parts.links.withhold(!parts.outbox.hasRoom());
        parts.links.flush(now);
        parts.outbox.submit(now);
        parts.applier.handOver(now);
        parts.longTasks.handOver(now);
        // Set before the inbox is looked at for the last time: whoever adds a request looks here after having added it.
        parts.events.writing(parts.outbox.isWriting());
        if (whenClosed != null && parts.groups.isClosed()) {
            parts.links.close("the node is closed");
            parts.outbox.afterEnd(whenClosed);
            whenClosed = null;
        }
    }

    private void onConnectivity() {
        parts.contacts.connectivity(parts.links.connectivity());
        parts.contacts.refusals(parts.links);
        parts.watch.connectivity(parts.links.connectivity());
        parts.groups.onConnectivity(now);
        for (LogProcess log : parts.logs.all()) {
            log.core().onConnectivity();
            parts.logs.touch(log);
        }
    }

    @Override
    public long nextWorkNanos() {
        if (!parts.logs.isIdle()) {
            return Long.MIN_VALUE;
        }
        long hosts = Math.min(parts.groups.nextTickNanos(), parts.snapshots.nextTickNanos());
        long links = Math.min(parts.links.nextTickNanos(), parts.timers.next());
        long looks = Math.min(parts.applier.nextLookNanos(), parts.longTasks.nextLookNanos());
        long own = Math.min(parts.events.nextNanos(), looks);
        return Math.min(own, Math.min(hosts, links));
    }

    /**
     * Hands all logs over that this node leads. Then closes all replicas, leaves all groups, and closes the links once
     * that is done. Ends when the last queued write has ended, and the state machines have applied what they were given.
     * Any thread.
     *
     * @param handOverNanos the time that the hand-over may take
     */
    public void closeAll(long handOverNanos, Runnable whenDone) {
        EventLoop.Step step = at -> {
            parts.logs.clear();
            parts.snapshots.close();
            parts.groups.close(at);
            whenClosed = () -> parts.applier.afterAll(whenDone);
        };
        Runnable instead = () -> {
            attempt(parts.logs::clear);
            attempt(parts.groups::abandon);
            attempt(parts.snapshots::close);
            parts.applier.afterAll(whenDone);
        };
        EventLoop.Step handOver = at ->
                parts.logs.handOver(parts.logs.all(), handOverNanos, () -> parts.events.submit(step.orElse(instead)));
        parts.events.submit(handOver.orElse(instead));
    }

    /**
     * Fails everything that callers wait for or will ask for. This loop has died, and this is its last call.
     *
     * <p>A part whose state is broken must not keep the others from this.
     *
     * @param reason the reason, for the callers
     * @param cause the exception of which it has died
     */
    public void abandon(String reason, Throwable cause) {
        attempt(() -> parts.logs.fail(reason, cause));
        attempt(parts.logs::retireAll);
        attempt(parts.groups::abandon);
        attempt(parts.snapshots::close);
        attempt(() -> {
            if (running != null) {
                running.dropped();
            }
        });
        attempt(parts.events::close);
        attempt(() -> {
            if (whenClosed != null) {
                whenClosed.run();
            }
        });
        attempt(parts.outbox::abandon);
    }

    private static void attempt(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOGGER.error("a part of a dead node cannot be abandoned", e);
        }
    }
}
