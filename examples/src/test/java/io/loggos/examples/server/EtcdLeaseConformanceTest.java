package io.loggos.examples.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.loggos.examples.etcd.proto.Compare;
import io.loggos.examples.etcd.proto.KVGrpc;
import io.loggos.examples.etcd.proto.LeaseGrantRequest;
import io.loggos.examples.etcd.proto.LeaseGrantResponse;
import io.loggos.examples.etcd.proto.LeaseGrpc;
import io.loggos.examples.etcd.proto.LeaseKeepAliveRequest;
import io.loggos.examples.etcd.proto.LeaseKeepAliveResponse;
import io.loggos.examples.etcd.proto.LeaseLeasesRequest;
import io.loggos.examples.etcd.proto.LeaseRevokeRequest;
import io.loggos.examples.etcd.proto.LeaseStatus;
import io.loggos.examples.etcd.proto.LeaseTimeToLiveRequest;
import io.loggos.examples.etcd.proto.LeaseTimeToLiveResponse;
import io.loggos.examples.etcd.proto.RequestOp;
import io.loggos.examples.etcd.proto.TxnRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks a real etcd and this server the same about leases, and compares the answers. */
class EtcdLeaseConformanceTest {
    private static final long DEADLINE_SECONDS = 10;

    @TempDir
    Path directory;

    @Test
    void answersAsEtcdDoes() throws Exception {
        try (RealEtcd etcd = RealEtcd.start(directory);
                LocalServer ours = new LocalServer()) {
            if (etcd == null) {
                System.out.println("skipped: etcd is not installed, so there is nothing to compare with");
            }
            assumeTrue(etcd != null, "etcd is not installed");
            assertEquals(String.join("\n", talk(etcd.channel)), String.join("\n", talk(ours.channel)));
        }
    }

    private static List<String> talk(Channel channel) throws Exception {
        Conversation with = new Conversation(channel);
        with.grant(7, 100);
        with.grant(7, 100);
        with.grant(8, 1);
        with.grant(9, 0);
        with.grant(10, -5);
        with.grant(-11, 3);
        with.grant(12, 9_000_000_000L);
        with.grant(13, 9_000_000_001L);
        with.timeToLive(7);
        with.timeToLive(-11);
        with.timeToLive(99);
        with.timeToLive(0);
        with.leases();
        with.put("a", 7);
        with.put("b", 7);
        with.put("c", 99);
        with.put("c", -11);
        with.timeToLive(7);
        with.put("b", -11);
        with.timeToLive(-11);
        with.put("a", 0);
        with.timeToLive(7);
        with.keepLease("b");
        with.compareLease("b", -11);
        with.transactionWithLease(99);
        with.transactionWithLease(7);
        with.timeToLive(7);
        with.keepAlive(7, 99, -11, 0, 12);
        with.revoke(-11);
        with.read("b");
        with.read("c");
        with.revoke(-11);
        with.revoke(8);
        with.revoke(7);
        with.read("t1");
        with.revoke(0);
        with.leases();
        return with.answers;
    }

    /** Asks, and notes the answers without the parts that differ between clusters. */
    private static final class Conversation {
        private final Channel channel;
        private final List<String> answers = new ArrayList<>();

        Conversation(Channel channel) {
            this.channel = channel;
        }

        private LeaseGrpc.LeaseBlockingStub lease() {
            return LeaseGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
        }

        private KVGrpc.KVBlockingStub kv() {
            return KVGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
        }

        private void note(String question, Supplier<Object> ask) {
            String answer;
            try {
                answer = ask.get()
                        .toString()
                        .replaceAll("(cluster_id|member_id|raft_term): -?\\d+", "")
                        .replaceAll("\\s+", " ");
            } catch (StatusRuntimeException e) {
                Status status = e.getStatus();
                answer = status.getCode() + ": " + status.getDescription();
            }
            answers.add(question + ": " + answer);
        }

        void grant(long id, long ttl) {
            note("grant " + id + " for " + ttl, () -> {
                LeaseGrantResponse granted = lease().leaseGrant(LeaseGrantRequest.newBuilder()
                        .setID(id)
                        .setTTL(ttl)
                        .build());
                return granted;
            });
        }

        void revoke(long id) {
            note(
                    "revoke " + id,
                    () -> lease().leaseRevoke(
                                    LeaseRevokeRequest.newBuilder().setID(id).build()));
        }

        /** The remaining time is as good as the same within a few seconds. etcd's keys have no order. */
        void timeToLive(long id) {
            note("time to live of " + id, () -> {
                LeaseTimeToLiveResponse response = lease().leaseTimeToLive(LeaseTimeToLiveRequest.newBuilder()
                        .setID(id)
                        .setKeys(true)
                        .build());
                long near = response.getGrantedTTL() - response.getTTL() <= 10 ? response.getGrantedTTL() : 0;
                return response.toBuilder()
                        .setTTL(response.getTTL() < 0 ? response.getTTL() : near)
                        .clearKeys()
                        .addAllKeys(response.getKeysList().stream()
                                .sorted(ByteString.unsignedLexicographicalComparator())
                                .toList());
            });
        }

        void leases() {
            note(
                    "leases",
                    () -> lease().leaseLeases(LeaseLeasesRequest.getDefaultInstance()).getLeasesList().stream()
                            .map(LeaseStatus::getID)
                            .filter(id -> id > 10 || id < 0 || id == 7) // The others may have expired by now.
                            .sorted()
                            .toList());
        }

        void put(String key, long lease) {
            note(
                    "put " + key + " with " + lease,
                    () -> kv().put(EtcdConversation.put(key, "v")
                            .setLease(lease)
                            .build()));
        }

        void keepLease(String key) {
            note(
                    "put " + key + " and keep its lease",
                    () -> kv().put(EtcdConversation.put(key, "w")
                            .setIgnoreLease(true)
                            .build()));
            read(key);
        }

        void read(String key) {
            note("get " + key, () -> kv().range(EtcdConversation.get(key).build()));
        }

        void compareLease(String key, long lease) {
            Compare compare = EtcdConversation.compare(key, Compare.CompareResult.EQUAL, Compare.CompareTarget.LEASE)
                    .setLease(lease)
                    .build();
            note(
                    "compare " + key,
                    () -> kv().txn(TxnRequest.newBuilder().addCompare(compare).build()));
        }

        void transactionWithLease(long lease) {
            TxnRequest.Builder txn = TxnRequest.newBuilder();
            for (String key : List.of("t1", "t2")) {
                txn.addSuccess(RequestOp.newBuilder()
                        .setRequestPut(EtcdConversation.put(key, "v").setLease(lease)));
            }
            note("transaction with " + lease, () -> kv().txn(txn.build()));
        }

        void keepAlive(long... ids) throws Exception {
            CompletableFuture<List<String>> all = new CompletableFuture<>();
            List<String> seen = new ArrayList<>();
            StreamObserver<LeaseKeepAliveRequest> requests = LeaseGrpc.newStub(channel)
                    .leaseKeepAlive(new StreamObserver<>() {
                        @Override
                        public void onNext(LeaseKeepAliveResponse response) {
                            seen.add(response.getID() + " for " + response.getTTL() + " at "
                                    + response.getHeader().getRevision());
                        }

                        @Override
                        public void onError(Throwable failure) {
                            all.completeExceptionally(failure);
                        }

                        @Override
                        public void onCompleted() {
                            all.complete(seen);
                        }
                    });
            for (long id : ids) {
                requests.onNext(LeaseKeepAliveRequest.newBuilder().setID(id).build());
            }
            requests.onCompleted();
            answers.add("keep alive: " + all.get(DEADLINE_SECONDS, TimeUnit.SECONDS));
        }
    }
}
