package io.loggos.examples.server.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.loggos.examples.etcd.proto.Compare;
import io.loggos.examples.etcd.proto.DeleteRangeRequest;
import io.loggos.examples.etcd.proto.PutRequest;
import io.loggos.examples.etcd.proto.RangeRequest;
import io.loggos.examples.etcd.proto.RequestOp;
import io.loggos.examples.etcd.proto.TxnRequest;
import io.loggos.storage.kv.operation.KeyValueCodec;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The limit of a request is that of its protocol buffer, so no command may be larger than the request that it is. */
class RequestSizeTest {
    private static final long SEED = Long.getLong("requests.seed", 1);
    /** Bytes of a command around its operation. */
    private static final int AROUND = 8;

    private final Random random = new Random(SEED);

    @Test
    void noCommandIsLargerThanItsRequest() {
        for (int i = 0; i < 2_000; i++) {
            TxnRequest request = transaction(3).build();
            int command = KeyValueCodec.encode(Requests.transaction(request)).size();
            assertTrue(
                    command <= request.getSerializedSize() + AROUND,
                    () -> "requests.seed=" + SEED + ": " + command + " bytes for " + request);
        }
    }

    @Test
    void manySmallOperationsFitIntoALargestRequest() {
        TxnRequest.Builder request = TxnRequest.newBuilder();
        TxnRequest.Builder nested = TxnRequest.newBuilder();
        for (int i = 0; i < 60; i++) {
            nested.addSuccess(RequestOp.newBuilder()
                    .setRequestRange(RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("k"))));
        }
        while (request.build().getSerializedSize() < 715_000) {
            for (int i = 0; i < 500; i++) {
                request.addSuccess(RequestOp.newBuilder().setRequestTxn(nested));
            }
        }
        TxnRequest large = request.build();
        assertTrue(KeyValueCodec.encode(Requests.transaction(large)).size() < large.getSerializedSize());
        assertEquals(
                Requests.transaction(large),
                KeyValueCodec.decodeOperation(KeyValueCodec.encode(Requests.transaction(large))));
    }

    private TxnRequest.Builder transaction(int depth) {
        TxnRequest.Builder request = TxnRequest.newBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            request.addCompare(compare());
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            request.addSuccess(operation(depth));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            request.addFailure(operation(depth));
        }
        return request;
    }

    private RequestOp operation(int depth) {
        RequestOp.Builder operation = RequestOp.newBuilder();
        switch (random.nextInt(depth > 1 ? 4 : 3)) {
            case 0 ->
                operation.setRequestPut(PutRequest.newBuilder()
                        .setKey(key())
                        .setValue(bytes(200))
                        .setLease(random.nextInt(3) == 0 ? random.nextLong() : 0)
                        .setPrevKv(random.nextBoolean()));
            case 1 ->
                operation.setRequestRange(RangeRequest.newBuilder()
                        .setKey(key())
                        .setRangeEnd(bytes(3))
                        .setLimit(random.nextInt(300))
                        .setRevision(random.nextInt(3))
                        .setSortOrderValue(random.nextInt(3))
                        .setSortTargetValue(random.nextInt(5))
                        .setMinModRevision(random.nextInt(2) * 1_000_000L));
            case 2 ->
                operation.setRequestDeleteRange(
                        DeleteRangeRequest.newBuilder().setKey(key()).setRangeEnd(bytes(2)));
            default -> operation.setRequestTxn(transaction(depth - 1));
        }
        return operation.build();
    }

    private Compare compare() {
        Compare.Builder compare =
                Compare.newBuilder().setKey(key()).setRangeEnd(bytes(2)).setResultValue(random.nextInt(4));
        return switch (random.nextInt(3)) {
            case 0 ->
                compare.setTarget(Compare.CompareTarget.VALUE)
                        .setValue(bytes(5))
                        .build();
            case 1 ->
                compare.setTarget(Compare.CompareTarget.MOD)
                        .setModRevision(random.nextLong())
                        .build();
            default ->
                compare.setTarget(Compare.CompareTarget.VERSION).setVersion(0).build();
        };
    }

    private ByteString key() {
        return ByteString.copyFromUtf8("k").concat(bytes(3));
    }

    private ByteString bytes(int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }
}
