package io.loggos.benchmarks.commands.growth;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.loggos.benchmarks.harness.workload.Commands;
import io.loggos.benchmarks.harness.workload.Operation;
import io.loggos.benchmarks.systems.servers.client.EtcdClient;
import io.loggos.benchmarks.systems.servers.client.FiniteWork;
import io.loggos.examples.etcd.proto.KVGrpc;
import io.loggos.examples.etcd.proto.PutRequest;
import io.loggos.examples.etcd.proto.RequestOp;
import io.loggos.examples.etcd.proto.TxnRequest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Puts of keys one after the other, a hundred in each transaction. */
final class FillWork implements FiniteWork {
    static final int IN_FLIGHT = 16;
    private static final int PUTS = 100;

    private final EtcdClient client;
    private final Commands values;
    private final long end;
    private final long modulus;
    private long next;

    /**
     * Creates work.
     *
     * @param first number of the first key
     * @param puts number of puts
     * @param modulus number of keys, after which the first follows
     */
    FillWork(EtcdClient client, long first, long puts, long modulus, int payloadBytes) {
        this.client = client;
        this.values = new Commands(payloadBytes);
        this.next = first;
        this.end = first + puts;
        this.modulus = modulus;
    }

    /** Returns the key of this number. */
    static ByteString key(long number) {
        return ByteString.copyFrom(String.format(Locale.ROOT, "key-%010d", number), StandardCharsets.US_ASCII);
    }

    @Override
    public void start(Operation operation) {
        // A transaction must not put a key twice.
        long until = Math.min(next + Math.min(PUTS, modulus), end);
        TxnRequest.Builder puts = TxnRequest.newBuilder();
        for (long number = isOver() ? end - 1 : next; number < until; number++) {
            puts.addSuccess(RequestOp.newBuilder()
                    .setRequestPut(PutRequest.newBuilder()
                            .setKey(key(number % modulus))
                            .setValue(UnsafeByteOperations.unsafeWrap(values.next()))));
        }
        next = until;
        client.call(KVGrpc.getTxnMethod(), puts.build(), operation);
    }

    @Override
    public boolean isOver() {
        return next >= end;
    }
}
