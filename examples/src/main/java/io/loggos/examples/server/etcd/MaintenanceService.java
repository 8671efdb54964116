package io.loggos.examples.server.etcd;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.loggos.api.NodeId;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.maintenance.Alarm;
import io.loggos.api.kv.maintenance.Maintenance;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.examples.etcd.proto.AlarmMember;
import io.loggos.examples.etcd.proto.AlarmRequest;
import io.loggos.examples.etcd.proto.AlarmResponse;
import io.loggos.examples.etcd.proto.AlarmType;
import io.loggos.examples.etcd.proto.DefragmentRequest;
import io.loggos.examples.etcd.proto.DefragmentResponse;
import io.loggos.examples.etcd.proto.HashKVRequest;
import io.loggos.examples.etcd.proto.HashKVResponse;
import io.loggos.examples.etcd.proto.HashRequest;
import io.loggos.examples.etcd.proto.HashResponse;
import io.loggos.examples.etcd.proto.MaintenanceGrpc;
import io.loggos.examples.etcd.proto.MoveLeaderRequest;
import io.loggos.examples.etcd.proto.MoveLeaderResponse;
import io.loggos.examples.etcd.proto.SnapshotRequest;
import io.loggos.examples.etcd.proto.SnapshotResponse;
import io.loggos.examples.etcd.proto.StatusRequest;
import io.loggos.examples.etcd.proto.StatusResponse;
import io.loggos.examples.server.backup.BackupStream;
import io.loggos.examples.server.backup.EtcdBackup;
import io.loggos.examples.server.call.Answers;
import io.loggos.examples.server.call.EtcdErrors;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** etcd's Maintenance service. What takes long runs on threads of the store, or on one of its own for each backup. */
public final class MaintenanceService extends MaintenanceGrpc.MaintenanceImplBase {
    /**
     * The version of etcd whose protocol this is, not the version of this server. Some clients refuse servers that they
     * consider too old, or use only the features of a version.
     */
    public static final String PROTOCOL_VERSION = "3.5.0";

    private final KeyValueStore store;
    private final Members members;
    private final Headers headers;
    private final Answers answers;
    private final Executor backups;

    /**
     * Creates the service.
     *
     * @param backups runs backups, each of which keeps a thread
     */
    public MaintenanceService(
            KeyValueStore store, Members members, Headers headers, Answers answers, Executor backups) {
        this.store = store;
        this.members = members;
        this.headers = headers;
        this.answers = answers;
        this.backups = backups;
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> client) {
        ReplicaStatus replica = store.replica().status();
        StatusResponse.Builder response = StatusResponse.newBuilder()
                .setHeader(headers.at(store.revision()))
                .setVersion(PROTOCOL_VERSION)
                .setDbSize(store.sizeBytes())
                .setDbSizeInUse(store.maintenance().sizeInUseBytes())
                .setLeader(members.numberOf(replica.leader()))
                .setRaftIndex(replica.chosenSlot().value())
                .setRaftTerm(replica.ballot().round())
                .setRaftAppliedIndex(replica.appliedSlot().value());
        if (replica.leader() == null) {
            response.addErrors(Objects.requireNonNull(EtcdErrors.NO_LEADER.getDescription()));
        }
        for (Alarm alarm : store.maintenance().alarms()) {
            response.addErrors(text(alarm));
        }
        String halted = replica.halted();
        if (halted != null) {
            response.addErrors("loggos: halted: " + halted);
        }
        Answers.now(client, response.build());
    }

    /** Hands the leadership over. A member that does not lead, or does not know the target, says so as etcd does. */
    @Override
    public void moveLeader(MoveLeaderRequest request, StreamObserver<MoveLeaderResponse> client) {
        NodeId self = members.idOf(members.self());
        if (self == null || !self.equals(store.replica().status().leader())) {
            client.onError(EtcdErrors.NOT_LEADER.asRuntimeException());
            return;
        }
        NodeId target = members.idOf(request.getTargetID());
        if (target == null) {
            client.onError(EtcdErrors.BAD_TRANSFEREE.asRuntimeException());
            return;
        }
        CompletableFuture<?> unused = store.replica().transferLeadership(target).whenComplete((none, failure) -> {
            if (failure == null) {
                Answers.now(
                        client,
                        MoveLeaderResponse.newBuilder()
                                .setHeader(headers.at(store.revision()))
                                .build());
            } else {
                client.onError(EtcdErrors.of(failure));
            }
        });
    }

    /** Returns an alarm as etcd writes it into a status. */
    private static String text(Alarm alarm) {
        String member = alarm.member() == 0 ? "" : "memberID:" + Long.toUnsignedString(alarm.member()) + " ";
        return member + "alarm:" + EtcdBackup.typeOf(alarm.kind()) + " ";
    }

    @Override
    public void alarm(AlarmRequest request, StreamObserver<AlarmResponse> client) {
        Maintenance maintenance = store.maintenance();
        Alarm alarm = alarmOf(request);
        switch (request.getAction()) {
            case GET ->
                answers.later(
                        client,
                        maintenance::currentAlarms,
                        all -> alarms(all.stream()
                                .filter(each -> request.getAlarm() == AlarmType.NONE
                                        || EtcdBackup.typeOf(each.kind()) == request.getAlarm())
                                .toList()));
            case ACTIVATE -> change(client, alarm, maintenance::raise, true);
            case DEACTIVATE -> change(client, alarm, maintenance::disarm, false);
            case UNRECOGNIZED ->
                client.onError(Status.INVALID_ARGUMENT
                        .withDescription("etcdserver: unknown alarm action " + request.getActionValue())
                        .asRuntimeException());
        }
    }

    /** Changes an alarm. etcd answers with the alarm if there is one now, or has been one until now. */
    private void change(
            StreamObserver<AlarmResponse> client,
            @Nullable Alarm alarm,
            Function<Alarm, CompletableFuture<Boolean>> change,
            boolean answeredUnchanged) {
        if (alarm == null) { // There is nothing that such an alarm would do.
            Answers.now(client, alarms(List.of()));
            return;
        }
        answers.later(
                client,
                () -> change.apply(alarm),
                changed -> alarms(changed || answeredUnchanged ? List.of(alarm) : List.of()));
    }

    private static @Nullable Alarm alarmOf(AlarmRequest request) {
        return switch (request.getAlarm()) {
            case NOSPACE -> new Alarm(request.getMemberID(), Alarm.Kind.NO_SPACE);
            case CORRUPT -> new Alarm(request.getMemberID(), Alarm.Kind.CORRUPT);
            case NONE, UNRECOGNIZED -> null;
        };
    }

    private AlarmResponse alarms(List<Alarm> all) {
        AlarmResponse.Builder response = AlarmResponse.newBuilder().setHeader(headers.at(store.revision()));
        all.forEach(alarm -> response.addAlarms(
                AlarmMember.newBuilder().setMemberID(alarm.member()).setAlarm(EtcdBackup.typeOf(alarm.kind()))));
        return response.build();
    }

    @Override
    public void hashKV(HashKVRequest request, StreamObserver<HashKVResponse> client) {
        answers.whileWanted(
                client,
                () -> store.maintenance().hash(request.getRevision()),
                hash -> HashKVResponse.newBuilder()
                        .setHeader(headers.at(hash.revision()))
                        .setHash(hash.hash())
                        .setCompactRevision(hash.compactedRevision())
                        .build());
    }

    /** Answers with the hash of all versions, which is what the database of this server holds. */
    @Override
    public void hash(HashRequest request, StreamObserver<HashResponse> client) {
        answers.whileWanted(
                client,
                () -> store.maintenance().hash(0),
                hash -> HashResponse.newBuilder()
                        .setHeader(headers.at(hash.revision()))
                        .setHash(hash.hash())
                        .build());
    }

    @Override
    public void defragment(DefragmentRequest request, StreamObserver<DefragmentResponse> client) {
        answers.whileWanted(
                client,
                () -> store.maintenance().defragment().thenApply(done -> true),
                done -> DefragmentResponse.newBuilder()
                        .setHeader(headers.at(store.revision()))
                        .build());
    }

    @Override
    public void snapshot(SnapshotRequest request, StreamObserver<SnapshotResponse> client) {
        BackupStream stream = new BackupStream((ServerCallStreamObserver<SnapshotResponse>) client);
        CompletableFuture<?> unused = store.maintenance()
                .purge()
                .thenCompose(purged -> store.maintenance().contents())
                .thenAcceptAsync(stream::send, backups)
                .whenComplete((sent, failure) -> {
                    if (failure != null && !(failure.getCause() instanceof CancellationException)) {
                        client.onError(EtcdErrors.of(failure));
                    }
                });
    }
}
