package io.loggos.examples.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.loggos.examples.etcd.proto.AlarmMember;
import io.loggos.examples.etcd.proto.AlarmRequest;
import io.loggos.examples.etcd.proto.AlarmRequest.AlarmAction;
import io.loggos.examples.etcd.proto.AlarmType;
import io.loggos.examples.etcd.proto.CompactionRequest;
import io.loggos.examples.etcd.proto.DefragmentRequest;
import io.loggos.examples.etcd.proto.DeleteRangeRequest;
import io.loggos.examples.etcd.proto.HashKVRequest;
import io.loggos.examples.etcd.proto.HashKVResponse;
import io.loggos.examples.etcd.proto.KVGrpc;
import io.loggos.examples.etcd.proto.LeaseGrantRequest;
import io.loggos.examples.etcd.proto.LeaseGrpc;
import io.loggos.examples.etcd.proto.LeaseRevokeRequest;
import io.loggos.examples.etcd.proto.MaintenanceGrpc;
import io.loggos.examples.etcd.proto.PutRequest;
import io.loggos.examples.etcd.proto.RangeRequest;
import io.loggos.examples.etcd.proto.RequestOp;
import io.loggos.examples.etcd.proto.StatusRequest;
import io.loggos.examples.etcd.proto.StatusResponse;
import io.loggos.examples.etcd.proto.TxnRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Maintenance service, line by line beside a real etcd where one is installed. */
class EtcdMaintenanceTest {
    @TempDir
    Path directory;

    @Test
    void talksAsEtcdDoes() throws Exception {
        try (RealEtcd etcd = RealEtcd.start(directory);
                LocalServer ours = new LocalServer()) {
            if (etcd == null) {
                System.out.println("skipped: etcd is not installed, so there is nothing to compare with");
            }
            assumeTrue(etcd != null, "etcd is not installed");
            assertEquals(
                    String.join("\n", new Conversation(etcd.channel).held()),
                    String.join("\n", new Conversation(ours.channel).held()));
        }
    }

    /** One conversation, and what was answered to it. */
    private static final class Conversation {
        private final Channel channel;
        private final KVGrpc.KVBlockingStub kv;
        private final MaintenanceGrpc.MaintenanceBlockingStub maintenance;
        private final List<String> answers = new ArrayList<>();

        Conversation(Channel channel) {
            this.channel = channel;
            kv = KVGrpc.newBlockingStub(channel);
            maintenance = MaintenanceGrpc.newBlockingStub(channel);
        }

        List<String> held() {
            compaction();
            hashes();
            alarms();
            unknownMethods();
            return answers;
        }

        private void compaction() {
            hash(0);
            compact(5);
            compact(-1);
            compact(0);
            compact(0);
            hash(0);
        }

        private void hashes() {
            LeaseGrpc.LeaseBlockingStub leases = LeaseGrpc.newBlockingStub(channel);
            leases.leaseGrant(
                    LeaseGrantRequest.newBuilder().setID(77).setTTL(600).build());
            for (int i = 0; i < 20; i++) {
                put("k" + i % 7, "v".repeat(i * 40), i % 3 == 0 ? 77 : 0);
            }
            hash(0);
            delete("k1", "k4");
            delete("k6", "");
            put("k6", "again", 0);
            kv.txn(TxnRequest.newBuilder()
                    .addSuccess(RequestOp.newBuilder().setRequestPut(request("t1", "1", 0)))
                    .addSuccess(RequestOp.newBuilder()
                            .setRequestDeleteRange(
                                    DeleteRangeRequest.newBuilder().setKey(utf8("k0"))))
                    .addSuccess(RequestOp.newBuilder().setRequestPut(request("t2", "2", 77)))
                    .build());
            for (long revision = 0; revision < 26; revision++) {
                hash(revision);
            }
            compact(14);
            hash(0);
            hash(14);
            hash(15);
            note(
                    "physical",
                    () -> kv.compact(CompactionRequest.newBuilder()
                                    .setRevision(22)
                                    .setPhysical(true)
                                    .build())
                            .getHeader()
                            .getRevision());
            hash(0);
            hash(23);
            leases.leaseRevoke(LeaseRevokeRequest.newBuilder().setID(77).build());
            hash(0);
            note(
                    "defragment",
                    () -> maintenance.defragment(DefragmentRequest.getDefaultInstance()).toBuilder()
                            .clearHeader()
                            .build());
            hash(0);
        }

        private void alarms() {
            alarm(AlarmAction.GET, 0, AlarmType.NONE);
            alarm(AlarmAction.DEACTIVATE, 5, AlarmType.NOSPACE);
            alarm(AlarmAction.ACTIVATE, 5, AlarmType.NOSPACE);
            alarm(AlarmAction.ACTIVATE, 5, AlarmType.NOSPACE);
            alarm(AlarmAction.GET, 0, AlarmType.NOSPACE);
            alarm(AlarmAction.GET, 0, AlarmType.CORRUPT);
            status();
            note("put", () -> kv.put(request("k6", "no", 0)));
            note(
                    "grant",
                    () -> LeaseGrpc.newBlockingStub(channel)
                            .leaseGrant(
                                    LeaseGrantRequest.newBuilder().setTTL(60).build()));
            note(
                    "put in a transaction",
                    () -> kv.txn(TxnRequest.newBuilder()
                            .addFailure(RequestOp.newBuilder().setRequestPut(request("k6", "no", 0)))
                            .build()));
            note(
                    "delete",
                    () -> kv.deleteRange(DeleteRangeRequest.newBuilder()
                                    .setKey(utf8("k6"))
                                    .build())
                            .getDeleted());
            note(
                    "get",
                    () -> kv.range(RangeRequest.newBuilder().setKey(utf8("k6")).build())
                            .getCount());
            alarm(AlarmAction.DEACTIVATE, 5, AlarmType.NOSPACE);
            note("put", () -> kv.put(request("k6", "yes", 0)).getHeader().getRevision());

            alarm(AlarmAction.ACTIVATE, 0, AlarmType.CORRUPT);
            status();
            note("put", () -> kv.put(request("k6", "no", 0)));
            note(
                    "delete",
                    () -> kv.deleteRange(
                            DeleteRangeRequest.newBuilder().setKey(utf8("k6")).build()));
            compact(23);
            note(
                    "get",
                    () -> kv.range(RangeRequest.newBuilder().setKey(utf8("k6")).build())
                            .getCount());
            alarm(AlarmAction.GET, 0, AlarmType.NONE);
            alarm(AlarmAction.DEACTIVATE, 0, AlarmType.CORRUPT);
            note("put", () -> kv.put(request("k6", "yes", 0)).getHeader().getRevision());
            status();
        }

        private void unknownMethods() {
            for (String method : List.of("etcdserverpb.KV/Nothing", "etcdserverpb.Nothing/Put", "other.Thing/Get")) {
                note(
                        method,
                        () -> ClientCalls.blockingUnaryCall(
                                channel,
                                KVGrpc.getPutMethod().toBuilder()
                                        .setFullMethodName(method)
                                        .setType(MethodDescriptor.MethodType.UNARY)
                                        .build(),
                                CallOptions.DEFAULT,
                                PutRequest.getDefaultInstance()));
            }
        }

        private void note(String what, Supplier<?> ask) {
            String answer;
            try {
                answer = String.valueOf(ask.get());
            } catch (StatusRuntimeException e) {
                Status status = e.getStatus();
                answer = status.getCode() + ": " + status.getDescription();
            }
            answers.add(what + ": " + answer);
        }

        private void hash(long revision) {
            note("hash at " + revision, () -> {
                HashKVResponse hash = maintenance.hashKV(
                        HashKVRequest.newBuilder().setRevision(revision).build());
                return Integer.toHexString(hash.getHash()) + " of revision "
                        + hash.getHeader().getRevision() + ", compacted " + hash.getCompactRevision();
            });
        }

        private void compact(long revision) {
            note(
                    "compact to " + revision,
                    () -> kv.compact(CompactionRequest.newBuilder()
                                    .setRevision(revision)
                                    .build())
                            .getHeader()
                            .getRevision());
        }

        private void alarm(AlarmAction action, long member, AlarmType type) {
            note(
                    action + " " + type,
                    () -> maintenance
                            .alarm(AlarmRequest.newBuilder()
                                    .setAction(action)
                                    .setMemberID(member)
                                    .setAlarm(type)
                                    .build())
                            .getAlarmsList()
                            .stream()
                            .map(AlarmMember::toString)
                            .toList());
        }

        private void status() {
            note("status", () -> {
                StatusResponse status = maintenance.status(StatusRequest.getDefaultInstance());
                return status.getErrorsList() + " learner " + status.getIsLearner() + " in use "
                        + (status.getDbSizeInUse() > 0 && status.getDbSizeInUse() <= status.getDbSize())
                        + " applied "
                        + (status.getRaftAppliedIndex() > 0 && status.getRaftAppliedIndex() <= status.getRaftIndex())
                        + " term " + (status.getRaftTerm() > 0) + " leader "
                        + (status.getLeader() == status.getHeader().getMemberId());
            });
        }

        private void put(String key, String value, long lease) {
            kv.put(request(key, value, lease));
        }

        private static PutRequest request(String key, String value, long lease) {
            return PutRequest.newBuilder()
                    .setKey(utf8(key))
                    .setValue(utf8(value))
                    .setLease(lease)
                    .build();
        }

        private void delete(String from, String to) {
            kv.deleteRange(DeleteRangeRequest.newBuilder()
                    .setKey(utf8(from))
                    .setRangeEnd(utf8(to))
                    .build());
        }

        private static ByteString utf8(String text) {
            return ByteString.copyFromUtf8(text);
        }
    }
}
