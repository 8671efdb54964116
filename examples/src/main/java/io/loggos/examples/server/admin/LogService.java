package io.loggos.examples.server.admin;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.loggos.api.NodeId;
import io.loggos.api.Slot;
import io.loggos.api.node.Node;
import io.loggos.examples.admin.proto.LogsGrpc;
import io.loggos.examples.admin.proto.SkipReply;
import io.loggos.examples.admin.proto.SkipRequest;
import io.loggos.examples.server.call.Answers;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** Lets all members skip a slot that halts them, for {@code loggos log skip}. */
public final class LogService extends LogsGrpc.LogsImplBase {
    private final Node node;
    private final String log;

    public LogService(Node node, String log) {
        this.node = node;
        this.log = log;
    }

    @Override
    public void skip(SkipRequest request, StreamObserver<SkipReply> client) {
        CompletableFuture<Void> skipped;
        try {
            skipped = node.skip(log, slot(request), without(request));
        } catch (IllegalArgumentException e) {
            client.onError(
                    Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
            return;
        }
        CompletableFuture<?> unused = skipped.whenComplete((none, failure) -> {
            if (failure == null) {
                Answers.now(client, SkipReply.getDefaultInstance());
            } else {
                client.onError(Status.FAILED_PRECONDITION
                        .withDescription(failure.getMessage())
                        .asRuntimeException());
            }
        });
    }

    private static Slot slot(SkipRequest request) {
        if (request.getSlot() < 1) {
            throw new IllegalArgumentException("no slot: " + Long.toUnsignedString(request.getSlot()));
        }
        return Slot.of(request.getSlot());
    }

    private static Set<NodeId> without(SkipRequest request) {
        Set<NodeId> without = new TreeSet<>();
        for (int id : request.getWithoutList()) {
            if (id < 1 || id > NodeId.MAX) {
                throw new IllegalArgumentException("no id of a node: " + Integer.toUnsignedString(id));
            }
            without.add(NodeId.of(id));
        }
        return without;
    }
}
