package io.loggos.benchmarks.systems.aeron;

import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.Publication;
import io.aeron.cluster.codecs.CloseReason;
import io.aeron.cluster.service.ClientSession;
import io.aeron.cluster.service.Cluster;
import io.aeron.cluster.service.ClusteredService;
import io.aeron.logbuffer.Header;
import io.loggos.benchmarks.systems.consensus.CommandHash;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** Command hash of a member. It answers each command with the count of all commands so far. */
final class HashService implements ClusteredService {
    private final CommandHash hash = new CommandHash();
    private final UnsafeBuffer answer = new UnsafeBuffer(new byte[Long.BYTES]);
    private byte[] bytes = new byte[4096];
    private long applied;
    private long published;

    private @Nullable Cluster cluster;
    private volatile boolean leads;

    boolean leads() {
        return leads;
    }

    CommandHash.Value published() {
        return hash.published();
    }

    @Override
    public void onStart(Cluster started, @Nullable Image snapshot) {
        cluster = started;
    }

    @Override
    public void onSessionMessage(
            @Nullable ClientSession session,
            long timestamp,
            DirectBuffer buffer,
            int offset,
            int length,
            Header header) {
        if (length > bytes.length) {
            bytes = new byte[length];
        }
        buffer.getBytes(offset, bytes, 0, length);
        hash.apply(bytes, 0, length);
        applied++;
        answer.putLong(0, applied);
        if (session != null) {
            send(session);
        }
    }

    /** Sends an answer. At a follower the session takes it and does nothing. */
    private void send(ClientSession session) {
        Cluster running = cluster;
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        IdleStrategy idle = running.idleStrategy();
        idle.reset();
        while (true) {
            long result = session.offer(answer, 0, answer.capacity());
            if (result != Publication.BACK_PRESSURED && result != Publication.ADMIN_ACTION) {
                return;
            }
            idle.idle();
        }
    }

    /** Publishes the hash. Called in each turn of the service, after the commands were applied. */
    @Override
    public int doBackgroundWork(long nowNanos) {
        if (published != applied) {
            published = applied;
            hash.publish();
        }
        return 0;
    }

    @Override
    public void onRoleChange(Cluster.Role role) {
        leads = role == Cluster.Role.LEADER;
    }

    @Override
    public void onSessionOpen(ClientSession session, long timestamp) {}

    @Override
    public void onSessionClose(ClientSession session, long timestamp, CloseReason reason) {}

    @Override
    public void onTimerEvent(long correlationId, long timestamp) {}

    @Override
    public void onTakeSnapshot(ExclusivePublication publication) {
        throw new UnsupportedOperationException("nobody asks for a snapshot");
    }

    @Override
    public void onTerminate(Cluster terminated) {}
}
