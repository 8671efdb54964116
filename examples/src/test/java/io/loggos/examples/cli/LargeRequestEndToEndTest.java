package io.loggos.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.loggos.examples.etcd.proto.DeleteRangeRequest;
import io.loggos.examples.etcd.proto.KVGrpc;
import io.loggos.examples.etcd.proto.PutRequest;
import io.loggos.examples.etcd.proto.RangeRequest;
import io.loggos.examples.etcd.proto.RangeResponse;
import io.loggos.examples.etcd.proto.RequestOp;
import io.loggos.examples.etcd.proto.TxnRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Three servers with small heaps, more data than heap, and requests for all of it at once. */
class LargeRequestEndToEndTest {
    private static final ByteString ALL = ByteString.copyFrom(new byte[] {0});
    private static final int KEYS = 300;
    private static final int CLIENTS = 60;

    @TempDir
    private Path directory;

    @Test
    void noRequestStopsTheCluster() throws Exception {
        try (TestCluster cluster = new TestCluster(directory).startAll()) {
            List<ManagedChannel> channels = List.of(cluster.channel(1), cluster.channel(2), cluster.channel(3));
            KVGrpc.KVBlockingStub kv = KVGrpc.newBlockingStub(channels.get(0));
            fill(kv);

            refuses(Status.Code.INVALID_ARGUMENT, "request is too large", () -> kv.deleteRange(deleteAll()));
            refuses(Status.Code.INVALID_ARGUMENT, "request is too large", () -> kv.txn(putAndRanges(120)));
            refuses(Status.Code.INVALID_ARGUMENT, "request is too large", () -> kv.txn(nested(3)));
            for (ManagedChannel channel : channels) {
                KVGrpc.KVBlockingStub stub = KVGrpc.newBlockingStub(channel).withMaxInboundMessageSize(1 << 30);
                refuses(Status.Code.RESOURCE_EXHAUSTED, "read it in parts", () -> stub.range(getAll(0)));
                assertEquals(
                        KEYS,
                        stub.range(getAll(0).toBuilder().setCountOnly(true).build())
                                .getCount());
            }
            clientsThatDoNotRead(cluster, kv);

            for (int id = 1; id <= TestCluster.NODES; id++) {
                assertTrue(cluster.process(id).isAlive(), "node " + id);
                cluster.awaitCaughtUp(id, Duration.ofMinutes(1));
            }
            channels.forEach(ManagedChannel::shutdownNow);
        }
    }

    private static void clientsThatDoNotRead(TestCluster cluster, KVGrpc.KVBlockingStub kv) {
        List<ManagedChannel> channels = new ArrayList<>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                ManagedChannel channel = cluster.channel(1);
                channels.add(channel);
                ClientCall<RangeRequest, RangeResponse> call =
                        channel.newCall(KVGrpc.getRangeMethod(), CallOptions.DEFAULT);
                call.start(new ClientCall.Listener<>() {}, new Metadata());
                call.sendMessage(getAll(12));
                call.halfClose();
            }
            for (int i = 0; i < 50; i++) {
                kv.withDeadlineAfter(1, TimeUnit.MINUTES).put(put("while-" + i, ByteString.copyFromUtf8("1")));
            }
        } finally {
            channels.forEach(ManagedChannel::shutdownNow);
        }
        KVGrpc.KVBlockingStub large = kv.withMaxInboundMessageSize(1 << 30);
        Awaitility.await("room for an answer")
                .atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .until(() -> {
                    return large.range(getAll(12)).getKvsCount() == 12;
                });
    }

    private static void fill(KVGrpc.KVBlockingStub kv) {
        ByteString mebibyte = ByteString.copyFrom(new byte[1 << 20]);
        for (int i = 0; i < KEYS; i++) {
            kv.put(put(String.format(Locale.ROOT, "key-%03d", i), mebibyte));
        }
    }

    private static PutRequest put(String key, ByteString value) {
        return PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(value)
                .build();
    }

    private static RangeRequest getAll(int limit) {
        return RangeRequest.newBuilder()
                .setKey(ALL)
                .setRangeEnd(ALL)
                .setLimit(limit)
                .build();
    }

    private static DeleteRangeRequest deleteAll() {
        return DeleteRangeRequest.newBuilder()
                .setKey(ALL)
                .setRangeEnd(ALL)
                .setPrevKv(true)
                .build();
    }

    private static TxnRequest putAndRanges(int ranges) {
        RequestOp put = RequestOp.newBuilder()
                .setRequestPut(put("key-000", ByteString.copyFromUtf8("changed")))
                .build();
        RequestOp range = RequestOp.newBuilder().setRequestRange(getAll(0)).build();
        return TxnRequest.newBuilder()
                .addSuccess(put)
                .addAllSuccess(Collections.nCopies(ranges, range))
                .build();
    }

    /** A put, and sorted ranges nested so many levels deep, 28 in each. */
    private static TxnRequest nested(int levels) {
        RequestOp inner = RequestOp.newBuilder()
                .setRequestRange(getAll(1).toBuilder()
                        .setSortTarget(RangeRequest.SortTarget.VERSION)
                        .setSortOrder(RangeRequest.SortOrder.DESCEND)
                        .setKeysOnly(true))
                .build();
        for (int level = 0; level < levels; level++) {
            TxnRequest.Builder txn = TxnRequest.newBuilder().addAllSuccess(Collections.nCopies(28, inner));
            if (level == levels - 1) {
                txn.addSuccess(RequestOp.newBuilder().setRequestPut(put("nested", ByteString.EMPTY)));
            }
            inner = RequestOp.newBuilder().setRequestTxn(txn).build();
        }
        return inner.getRequestTxn();
    }

    private static void refuses(Status.Code code, String text, Executable request) {
        Status status = assertThrows(StatusRuntimeException.class, request).getStatus();
        assertEquals(code, status.getCode(), status.toString());
        assertTrue(String.valueOf(status.getDescription()).contains(text), status.toString());
    }
}
