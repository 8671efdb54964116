package io.loggos.paxos.runtime.loop;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.SnapshotProgress;
import io.loggos.api.snapshot.Snapshots;
import io.loggos.internal.codec.MalformedException;
import io.loggos.multicast.core.LinkStatus;
import io.loggos.multicast.runtime.node.GroupObserver;
import io.loggos.multicast.runtime.node.RecordedGroups;
import io.loggos.paxos.runtime.agent.BackgroundWorker;
import io.loggos.paxos.runtime.bulk.BulkServer;
import io.loggos.paxos.runtime.bulk.SnapshotFetch;
import io.loggos.snapshot.runtime.RecordedNode;
import io.loggos.snapshot.runtime.RecordedReplica;
import io.loggos.snapshot.runtime.SnapshotHost;
import io.loggos.snapshot.runtime.SnapshotNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node, as its snapshots see it, and what they take from its groups. */
public final class LoopSnapshots implements SnapshotNode, GroupObserver {
    private static final Logger LOGGER = LoggerFactory.getLogger(LoopSnapshots.class);

    private final NodeLoop loop;
    private final BackgroundWorker worker;
    private final BulkServer bulk;
    private final SnapshotFetch fetch;
    private final Snapshots complete;

    /**
     * The node of a loop.
     *
     * @param complete has those that are complete
     */
    public LoopSnapshots(
            NodeLoop loop, BackgroundWorker worker, BulkServer bulk, SnapshotFetch fetch, Snapshots complete) {
        this.loop = loop;
        this.worker = worker;
        this.bulk = bulk;
        this.fetch = fetch;
        this.complete = complete;
    }

    @Override
    public Position sent(NodeId to) {
        LinkStatus link = loop.links().status(to);
        return new Position(link.generation(), link.queued());
    }

    @Override
    public Position received(NodeId from) {
        LinkStatus link = loop.links().status(from);
        return new Position(link.incomingGeneration(), link.received());
    }

    @Override
    public void send(NodeId to, Bytes message) {
        loop.links().send(to, message, Bytes.EMPTY);
    }

    @Override
    public void multicast(Bytes message) {
        loop.groups().tellNodes(message);
    }

    @Override
    public CompletableFuture<RecordedNode> record() {
        List<LogProcess> logs = new ArrayList<>(loop.logs());
        logs.sort(Comparator.comparing(log -> log.replica().name()));
        for (LogProcess log : logs) {
            if (log.isRetired()) {
                throw new SnapshotException("log \"" + log.replica().name() + "\" has halted");
            }
        }
        CompletableFuture<RecordedGroups> groups = loop.groups().record();
        List<CompletableFuture<RecordedReplica>> replicas =
                logs.stream().map(LogProcess::record).toList();
        CompletableFuture<?>[] all = new CompletableFuture<?>[replicas.size() + 1];
        replicas.toArray(all);
        all[replicas.size()] = groups;
        return CompletableFuture.allOf(all)
                .whenComplete((unused, failure) -> {
                    if (failure != null) {
                        replicas.forEach(LoopSnapshots::letGo);
                    }
                })
                .thenApply(unused -> new RecordedNode(
                        replicas.stream().map(CompletableFuture::join).toList(),
                        groups.join().groups(),
                        groups.join().participants()));
    }

    private static void letGo(CompletableFuture<RecordedReplica> replica) {
        CompletableFuture<?> unused = replica.thenAccept(RecordedReplica::discard);
    }

    @Override
    public Optional<NodeId> outsider(View view) {
        return loop.others().stream()
                .filter(node ->
                        !view.contains(node) && loop.links().status(node).outgoingUp())
                .findFirst();
    }

    @Override
    public void holdBulk(boolean held) {
        if (held) {
            bulk.cutBegins();
        } else {
            bulk.cutEnds();
        }
    }

    @Override
    public void execute(Runnable task) {
        worker.execute(task);
    }

    @Override
    public CompletableFuture<Bytes> fetchPart(NodeId from, SnapshotId id, long sizeBytes) {
        return fetch.record(from, id, sizeBytes);
    }

    @Override
    public CompletableFuture<GlobalSnapshot> export(SnapshotId id, Path directory, SnapshotProgress progress) {
        return complete.export(id, directory, progress);
    }

    @Override
    public void nodesEntered(@Nullable View view) {
        if (view != null) {
            loop.onNodes(view.members());
        }
        loop.snapshots().onView(view, loop.now());
    }

    @Override
    public void nodesSaid(NodeId from, Bytes message) {
        try {
            SnapshotHost snapshots = loop.snapshots();
            snapshots.onNodesSaid(from, message, loop.now());
        } catch (MalformedException e) {
            LOGGER.warn("{} said something to all nodes that makes no sense", from, e);
        }
    }

    @Override
    public void viewChanged(String group) {
        loop.snapshots().onViewChanged(group, loop.now());
    }
}
