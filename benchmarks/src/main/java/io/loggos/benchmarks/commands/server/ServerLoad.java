package io.loggos.benchmarks.commands.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.loggos.benchmarks.harness.workload.Commands;
import io.loggos.benchmarks.harness.workload.Work;
import io.loggos.benchmarks.systems.servers.client.EtcdClient;
import io.loggos.examples.etcd.proto.Compare;
import io.loggos.examples.etcd.proto.KVGrpc;
import io.loggos.examples.etcd.proto.LeaseGrantRequest;
import io.loggos.examples.etcd.proto.LeaseGrpc;
import io.loggos.examples.etcd.proto.PutRequest;
import io.loggos.examples.etcd.proto.RangeRequest;
import io.loggos.examples.etcd.proto.RequestOp;
import io.loggos.examples.etcd.proto.TxnRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * One load of a server.
 *
 * @param name name in results
 * @param watchers number of watchers; 0 for other loads
 */
record ServerLoad(String name, int watchers) {
    static final String PUT = "put";
    static final String READ = "read";
    static final String TXN = "txn";
    static final String WATCH = "watch";
    static final String LEASE = "lease";
    /** All that can be asked for. */
    static final List<String> ALL = List.of(PUT, READ, TXN, WATCH, LEASE);

    private static final String GRANT = "grant";
    private static final String KEEP_ALIVE = "keep-alive";
    private static final String WATCH_BY = WATCH + " by ";

    private static final int KEYS = 100_000;
    private static final long SEED = 1989;

    /** Returns the names of the loads that measure an operation: one, or several for watches and leases. */
    static List<String> names(String operation, List<Integer> watchers) {
        return switch (operation) {
            case WATCH -> watchers.stream().map(each -> WATCH_BY + each).toList();
            case LEASE -> List.of(GRANT, KEEP_ALIVE);
            default -> List.of(operation);
        };
    }

    /** Returns the load of this name. */
    static ServerLoad named(String name) {
        return new ServerLoad(
                name, name.startsWith(WATCH_BY) ? Integer.parseInt(name.substring(WATCH_BY.length())) : 0);
    }

    /** Tells if each operation makes a revision. */
    boolean writes() {
        return name.equals(PUT) || name.equals(TXN) || watchers > 0;
    }

    /** Returns the number of events that an operation counts for. */
    int events() {
        return Math.max(1, watchers);
    }

    /** Returns the work of the load. */
    Work over(EtcdClient client, int payloadBytes, int inFlight) {
        Commands values = new Commands(payloadBytes);
        Keys keys = new Keys();
        return switch (name) {
            case PUT -> each -> client.put(keys.next(), value(values), each);
            case READ ->
                each -> client.range(
                        RangeRequest.newBuilder().setKey(keys.next()).build(), each);
            case TXN -> each -> client.call(KVGrpc.getTxnMethod(), transaction(keys.next(), value(values)), each);
            case GRANT ->
                each -> client.call(
                        LeaseGrpc.getLeaseGrantMethod(),
                        LeaseGrantRequest.newBuilder()
                                .setTTL(KeepAliveWork.TTL_SECONDS)
                                .build(),
                        each);
            case KEEP_ALIVE -> new KeepAliveWork(client);
            default -> new WatchWork(client, watchers, inFlight, payloadBytes);
        };
    }

    private static ByteString value(Commands values) {
        return UnsafeByteOperations.unsafeWrap(values.next());
    }

    /** Returns a transaction that puts the value, whatever the comparison says, and so always makes a revision. */
    private static TxnRequest transaction(ByteString key, ByteString value) {
        RequestOp put = RequestOp.newBuilder()
                .setRequestPut(PutRequest.newBuilder().setKey(key).setValue(value))
                .build();
        return TxnRequest.newBuilder()
                .addCompare(Compare.newBuilder()
                        .setKey(key)
                        .setTarget(Compare.CompareTarget.VERSION)
                        .setResult(Compare.CompareResult.GREATER)
                        .setVersion(0))
                .addSuccess(put)
                .addFailure(put)
                .build();
    }

    /** Random keys. */
    private static final class Keys {
        private final SplittableRandom random = new SplittableRandom(SEED);
        private final List<ByteString> keys = new ArrayList<>();

        Keys() {
            for (int i = 0; i < KEYS; i++) {
                keys.add(ByteString.copyFrom(String.format(Locale.ROOT, "key-%06d", i), StandardCharsets.US_ASCII));
            }
        }

        ByteString next() {
            return keys.get(random.nextInt(KEYS));
        }
    }
}
