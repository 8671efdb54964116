package io.loggos.paxos.runtime.loop;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.SnapshotProgress;
import io.loggos.multicast.core.LinkStatus;
import io.loggos.multicast.core.Links;
import io.loggos.multicast.runtime.GroupHost;
import io.loggos.multicast.runtime.node.RecordedGroups;
import io.loggos.paxos.runtime.bulk.BulkServer;
import io.loggos.paxos.runtime.bulk.SnapshotFetch;
import io.loggos.paxos.runtime.bulk.SnapshotTasks;
import io.loggos.snapshot.runtime.RecordedNode;
import io.loggos.snapshot.runtime.RecordedReplica;
import io.loggos.snapshot.runtime.SnapshotNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** The node, as its snapshots see it. */
public final class LoopSnapshots implements SnapshotNode {
    private final Links links;
    private final OpenLogs logs;
    private final GroupHost groups;
    private final Executor worker;
    private final BulkServer bulk;
    private final SnapshotFetch fetch;
    private final SnapshotTasks tasks;

    public LoopSnapshots(
            Links links,
            OpenLogs logs,
            GroupHost groups,
            Executor worker,
            BulkServer bulk,
            SnapshotFetch fetch,
            SnapshotTasks tasks) {
        this.links = links;
        this.logs = logs;
        this.groups = groups;
        this.worker = worker;
        this.bulk = bulk;
        this.fetch = fetch;
        this.tasks = tasks;
    }

    @Override
    public Position sent(NodeId to) {
        LinkStatus link = links.status(to);
        return new Position(link.generation(), link.queued());
    }

    @Override
    public Position received(NodeId from) {
        LinkStatus link = links.status(from);
        return new Position(link.incomingGeneration(), link.received());
    }

    @Override
    public boolean isMember(NodeId node) {
        return logs.isMember(node);
    }

    @Override
    public void send(NodeId to, Bytes message) {
        links.send(to, message, Bytes.EMPTY);
    }

    @Override
    public void multicast(Bytes message) {
        groups.tellNodes(message);
    }

    @Override
    public CompletableFuture<RecordedNode> record() {
        List<LogProcess> processes = new ArrayList<>(logs.all());
        processes.sort(Comparator.comparing(log -> log.replica().name()));
        for (LogProcess log : processes) {
            if (log.isRetired()) {
                throw new SnapshotException("log \"" + log.replica().name() + "\" has halted");
            }
        }
        CompletableFuture<RecordedGroups> recorded = groups.record();
        List<CompletableFuture<RecordedReplica>> replicas =
                processes.stream().map(LogProcess::record).toList();
        CompletableFuture<?>[] all = new CompletableFuture<?>[replicas.size() + 1];
        replicas.toArray(all);
        all[replicas.size()] = recorded;
        return CompletableFuture.allOf(all)
                .whenComplete((unused, failure) -> {
                    if (failure != null) {
                        replicas.forEach(LoopSnapshots::letGo);
                    }
                })
                .thenApply(unused -> new RecordedNode(
                        replicas.stream().map(CompletableFuture::join).toList(),
                        recorded.join().groups(),
                        recorded.join().participants()));
    }

    private static void letGo(CompletableFuture<RecordedReplica> replica) {
        CompletableFuture<?> unused = replica.thenAccept(RecordedReplica::discard);
    }

    @Override
    public Optional<NodeId> outsider(View view) {
        return logs.others().stream()
                .filter(node -> !view.contains(node) && links.status(node).outgoingUp())
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
        return tasks.export(id, directory, progress);
    }
}
