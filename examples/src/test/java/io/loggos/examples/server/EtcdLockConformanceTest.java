package io.loggos.examples.server;

import static io.loggos.examples.server.EtcdConversation.bytes;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.loggos.examples.etcd.proto.CampaignRequest;
import io.loggos.examples.etcd.proto.CampaignResponse;
import io.loggos.examples.etcd.proto.ElectionGrpc;
import io.loggos.examples.etcd.proto.KVGrpc;
import io.loggos.examples.etcd.proto.LeaderKey;
import io.loggos.examples.etcd.proto.LeaderRequest;
import io.loggos.examples.etcd.proto.LeaderResponse;
import io.loggos.examples.etcd.proto.LeaseGrantRequest;
import io.loggos.examples.etcd.proto.LeaseGrpc;
import io.loggos.examples.etcd.proto.LeaseRevokeRequest;
import io.loggos.examples.etcd.proto.LockGrpc;
import io.loggos.examples.etcd.proto.LockRequest;
import io.loggos.examples.etcd.proto.LockResponse;
import io.loggos.examples.etcd.proto.ProclaimRequest;
import io.loggos.examples.etcd.proto.ResignRequest;
import io.loggos.examples.etcd.proto.UnlockRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Takes locks and holds elections at a real etcd and at this server, and compares the answers. */
class EtcdLockConformanceTest {
    private static final long DEADLINE_SECONDS = 20;

    @TempDir
    Path directory;

    @Test
    void locksAndElectsAsEtcdDoes() throws Exception {
        try (RealEtcd etcd = RealEtcd.start(directory);
                LocalServer ours = new LocalServer()) {
            List<String> mine = new Talk(ours.channel).all();
            if (etcd == null) {
                System.out.println("skipped: etcd is not installed, so there is nothing to compare with");
            }
            assumeTrue(etcd != null, "etcd is not installed");
            assertEquals(String.join("\n", new Talk(etcd.channel).all()), String.join("\n", mine));
        }
    }

    private static final class Talk {
        private final Channel channel;
        private final LeaseGrpc.LeaseBlockingStub leases;
        private final List<String> answers = new ArrayList<>();

        Talk(Channel channel) {
            this.channel = channel;
            leases = LeaseGrpc.newBlockingStub(channel);
        }

        List<String> all() throws Exception {
            for (long id = 21; id <= 24; id++) {
                leases.leaseGrant(
                        LeaseGrantRequest.newBuilder().setID(id).setTTL(100).build());
            }
            locks();
            elections();
            return answers;
        }

        private void locks() throws Exception {
            LockResponse first = lock(21).get();
            note("lock", () -> first);
            note("lock again", () -> lock(21).get());
            Future<LockResponse> second = lock(22);
            awaitKeys("l/", 2);
            Future<LockResponse> third = lock(23);
            awaitKeys("l/", 3);
            note(
                    "unlock",
                    () -> LockGrpc.newBlockingStub(channel)
                            .unlock(UnlockRequest.newBuilder()
                                    .setKey(first.getKey())
                                    .build()));
            note("second", second::get);
            note(
                    "revoke",
                    () -> leases.leaseRevoke(
                            LeaseRevokeRequest.newBuilder().setID(22).build()));
            LockResponse held = third.get();
            note("third", () -> held);
            note("lock without a lease", () -> lock(99).get());
            Future<LockResponse> leaves = lock(24);
            awaitKeys("l/", 2);
            leaves.cancel(true);
            awaitKeys("l/", 1);
            note(
                    "unlock",
                    () -> LockGrpc.newBlockingStub(channel)
                            .unlock(UnlockRequest.newBuilder()
                                    .setKey(held.getKey())
                                    .build()));
            LockResponse own = lock(0).get();
            answers.add("own lease: " + own.getKey().toStringUtf8().matches("l/[0-9a-f]+"));
        }

        private void elections() throws Exception {
            note("no leader", () -> election().leader(leaderRequest()));
            CampaignResponse first = campaign(21, "a").get();
            note("campaign", () -> first);
            note("leader", () -> election().leader(leaderRequest()));
            Iterator<LeaderResponse> observed = election().observe(leaderRequest());
            note("observed", () -> observed.next().getKv());
            Future<CampaignResponse> second = campaign(23, "b");
            awaitKeys("e/", 2);
            note("proclaim", () -> election().proclaim(proclaim(first.getLeader())));
            note("observed", () -> observed.next().getKv());
            note(
                    "resign",
                    () -> election()
                            .resign(ResignRequest.newBuilder()
                                    .setLeader(first.getLeader())
                                    .build()));
            note("second", second::get);
            note("observed", () -> observed.next().getKv());
            note("proclaim late", () -> election().proclaim(proclaim(first.getLeader())));
            note("proclaim nothing", () -> election().proclaim(ProclaimRequest.getDefaultInstance()));
            note("resign nothing", () -> election().resign(ResignRequest.getDefaultInstance()));
            note("campaign again", () -> campaign(23, "c").get().getLeader());
            note("observed", () -> observed.next().getKv());
        }

        private Future<LockResponse> lock(long lease) {
            return LockGrpc.newFutureStub(channel)
                    .lock(LockRequest.newBuilder()
                            .setName(bytes("l"))
                            .setLease(lease)
                            .build());
        }

        private Future<CampaignResponse> campaign(long lease, String value) {
            return ElectionGrpc.newFutureStub(channel)
                    .campaign(CampaignRequest.newBuilder()
                            .setName(bytes("e"))
                            .setLease(lease)
                            .setValue(bytes(value))
                            .build());
        }

        private ElectionGrpc.ElectionBlockingStub election() {
            return ElectionGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
        }

        private static LeaderRequest leaderRequest() {
            return LeaderRequest.newBuilder().setName(bytes("e")).build();
        }

        private static ProclaimRequest proclaim(LeaderKey leader) {
            return ProclaimRequest.newBuilder()
                    .setLeader(leader)
                    .setValue(bytes("d"))
                    .build();
        }

        private void awaitKeys(String prefix, int count) {
            String end = prefix.substring(0, prefix.length() - 1) + "0";
            await("keys of the queue")
                    .atMost(Duration.ofSeconds(DEADLINE_SECONDS))
                    .until(() -> KVGrpc.newBlockingStub(channel)
                                    .range(EtcdConversation.get(prefix, end).build())
                                    .getCount()
                            == count);
        }

        private void note(String question, Callable<Object> ask) throws Exception {
            String answer;
            try {
                answer = ask.call()
                        .toString()
                        .replaceAll("(cluster_id|member_id|raft_term): -?\\d+", "")
                        .replaceAll("\\s+", " ");
            } catch (StatusRuntimeException | ExecutionException e) {
                Status status = Status.fromThrowable(e);
                answer = status.getCode() + ": " + status.getDescription();
            }
            answers.add(question + ": " + answer);
        }
    }
}
