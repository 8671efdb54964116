package io.loggos.examples.server.admin;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.loggos.api.NodeId;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.node.NodeStatus;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.examples.admin.proto.AdminGrpc;
import io.loggos.examples.admin.proto.NodeStatusReply;
import io.loggos.examples.admin.proto.NodeStatusRequest;
import io.loggos.examples.admin.proto.TransferLeadershipReply;
import io.loggos.examples.admin.proto.TransferLeadershipRequest;
import io.loggos.examples.server.call.Answers;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Reports the status of this node, and hands its leadership over, for commands of {@code loggos}. */
public final class AdminService extends AdminGrpc.AdminImplBase {
    private final KeyValueStore store;
    private final Supplier<NodeStatus> status;

    public AdminService(KeyValueStore store, Supplier<NodeStatus> status) {
        this.store = store;
        this.status = status;
    }

    @Override
    public void nodeStatus(NodeStatusRequest request, StreamObserver<NodeStatusReply> client) {
        NodeStatus node = status.get();
        ReplicaStatus replica = store.replica().status();
        NodeId leader = replica.leader();
        String halted = replica.halted();
        String fenced = node.fenced();
        String waitsFor = replica.waitsFor();
        Answers.now(
                client,
                NodeStatusReply.newBuilder()
                        .setClusterId(node.clusterId())
                        .setNode(node.id().value())
                        .setFormed(node.formed())
                        .addAllConnected(numbers(node.connected()))
                        .addAllUnmet(numbers(node.unmet()))
                        .setRole(replica.role().name())
                        .setLeader(leader == null ? 0 : leader.value())
                        .setBallotRound(replica.ballot().round())
                        .setBallotNode(replica.ballot().node())
                        .setFirstSlot(replica.firstSlot().value())
                        .setAcceptedSlot(replica.acceptedSlot().value())
                        .setChosenSlot(replica.chosenSlot().value())
                        .setKnownChosenSlot(replica.knownChosenSlot().value())
                        .setAppliedSlot(replica.appliedSlot().value())
                        .setCheckpointSlot(replica.checkpointSlot().value())
                        .setPendingBytes(replica.pendingBytes())
                        .setHalted(halted == null ? "" : halted)
                        .setAgreedSlot(replica.agreedSlot().value())
                        .setFenced(fenced == null ? "" : fenced)
                        .setWaitsFor(waitsFor == null ? "" : waitsFor)
                        .setRevision(store.revision())
                        .setSizeBytes(store.sizeBytes())
                        .putAllRefused(byNumber(node.refused()))
                        .build());
    }

    @Override
    public void transferLeadership(TransferLeadershipRequest request, StreamObserver<TransferLeadershipReply> client) {
        int target = request.getTarget();
        if (target < 1 || target > NodeId.MAX) {
            client.onError(Status.INVALID_ARGUMENT
                    .withDescription("no id of a node: " + Integer.toUnsignedString(target))
                    .asRuntimeException());
            return;
        }
        CompletableFuture<?> unused = store.replica()
                .transferLeadership(NodeId.of(target))
                .whenComplete((none, failure) -> {
                    if (failure == null) {
                        Answers.now(client, TransferLeadershipReply.getDefaultInstance());
                    } else {
                        client.onError(Status.FAILED_PRECONDITION
                                .withDescription(failure.getMessage())
                                .asRuntimeException());
                    }
                });
    }

    private static Map<Integer, String> byNumber(SortedMap<NodeId, String> texts) {
        return texts.entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().value(), Map.Entry::getValue));
    }

    private static Iterable<Integer> numbers(SortedSet<NodeId> nodes) {
        return nodes.stream().map(NodeId::value).toList();
    }
}
