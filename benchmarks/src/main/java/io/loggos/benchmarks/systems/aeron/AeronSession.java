package io.loggos.benchmarks.systems.aeron;

import io.aeron.Publication;
import io.aeron.cluster.client.AeronCluster;
import io.aeron.cluster.client.EgressListener;
import io.aeron.cluster.codecs.EventCode;
import io.aeron.logbuffer.Header;
import io.loggos.benchmarks.harness.workload.Operation;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Client: a session with the leader through the shared memory of its media driver. The caller offers its commands
 * itself. Commands for which Aeron has no room wait here; the thread that polls for answers offers them. An Aeron
 * client is for one thread at a time, hence the lock. Answers come in the order of the commands.
 */
final class AeronSession implements EgressListener, Agent, AutoCloseable {
    private static final long KEEP_ALIVE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(1);

    private record Waiting(DirectBuffer command, Operation operation) {}

    private final ArrayDeque<Operation> offered = new ArrayDeque<>();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final UnsafeBuffer buffer = new UnsafeBuffer();
    private final AeronCluster client;
    private final AgentRunner runner;
    private long keptAliveNanos = System.nanoTime();
    /** True if the first command was answered. */
    private boolean open;

    private @Nullable Throwable failure;

    /** Connects to the leader, whose media driver has this directory, and lets it apply a command. */
    AeronSession(String mediaDirectory) {
        client = AeronCluster.connect(new AeronCluster.Context()
                .aeronDirectoryName(mediaDirectory)
                .ingressChannel("aeron:ipc?term-length=16m")
                .egressChannel("aeron:ipc?term-length=16m")
                .egressListener(this));
        awaitFirstAnswer();
        runner = new AgentRunner(AeronMember.idle(), this::fail, null, this);
        AgentRunner.startOnThread(runner);
    }

    /** Waits for the answer to a first command, before anyone else uses the session. */
    private void awaitFirstAnswer() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean sent = false;
        while (!open) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("no answer to the first command", failure);
            }
            sent = sent || offer(new UnsafeBuffer(new byte[Long.BYTES]));
            client.pollEgress();
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    synchronized void submit(byte[] command, Operation operation) {
        buffer.wrap(command);
        if (failure != null) {
            operation.complete(failure);
        } else if (waiting.isEmpty() && offer(buffer)) {
            offered.add(operation);
        } else {
            waiting.add(new Waiting(new UnsafeBuffer(command), operation));
        }
    }

    @Override
    public synchronized int doWork() {
        int work = client.pollEgress();
        for (Waiting next = waiting.peek(); next != null && offer(next.command()); next = waiting.peek()) {
            offered.add(waiting.remove().operation());
            work++;
        }
        long now = System.nanoTime();
        if (now - keptAliveNanos > KEEP_ALIVE_NANOS) {
            keptAliveNanos = now;
            client.sendKeepAlive();
        }
        if (client.isClosed()) {
            fail(new IllegalStateException("the session is closed"));
        }
        return work;
    }

    private boolean offer(DirectBuffer command) {
        long result = client.offer(command, 0, command.capacity());
        if (result == Publication.CLOSED || result == Publication.MAX_POSITION_EXCEEDED) {
            fail(new IllegalStateException("offered in vain: " + Publication.errorString(result)));
        }
        return result > 0;
    }

    @Override
    public void onMessage(long sessionId, long timestamp, DirectBuffer answer, int offset, int length, Header header) {
        if (open) {
            offered.remove().complete(null);
        }
        open = true;
    }

    @Override
    public void onSessionEvent(
            long correlationId, long sessionId, long term, int leader, EventCode code, String detail) {
        if (code != EventCode.OK) {
            fail(new IllegalStateException(code + ": " + detail));
        }
    }

    @Override
    public void onNewLeader(long sessionId, long term, int leader, String endpoints) {
        fail(new IllegalStateException(
                "another member leads, and what it knows of the commands in flight is not told"));
    }

    private synchronized void fail(Throwable cause) {
        failure = cause;
        offered.forEach(operation -> operation.complete(cause));
        offered.clear();
        waiting.forEach(each -> each.operation().complete(cause));
        waiting.clear();
    }

    @Override
    public String roleName() {
        return "benchmark-client";
    }

    @Override
    public void close() {
        CloseHelper.closeAll(runner, client);
    }
}
