package io.loggos.examples.server.auth;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.loggos.examples.etcd.proto.AuthDisableRequest;
import io.loggos.examples.etcd.proto.AuthEnableRequest;
import io.loggos.examples.etcd.proto.AuthGrpc;
import io.loggos.examples.etcd.proto.AuthRoleAddRequest;
import io.loggos.examples.etcd.proto.AuthRoleDeleteRequest;
import io.loggos.examples.etcd.proto.AuthRoleGetRequest;
import io.loggos.examples.etcd.proto.AuthRoleGrantPermissionRequest;
import io.loggos.examples.etcd.proto.AuthRoleListRequest;
import io.loggos.examples.etcd.proto.AuthRoleRevokePermissionRequest;
import io.loggos.examples.etcd.proto.AuthUserAddRequest;
import io.loggos.examples.etcd.proto.AuthUserChangePasswordRequest;
import io.loggos.examples.etcd.proto.AuthUserDeleteRequest;
import io.loggos.examples.etcd.proto.AuthUserGetRequest;
import io.loggos.examples.etcd.proto.AuthUserGrantRoleRequest;
import io.loggos.examples.etcd.proto.AuthUserListRequest;
import io.loggos.examples.etcd.proto.AuthUserRevokeRoleRequest;
import io.loggos.examples.etcd.proto.AuthenticateRequest;
import io.loggos.examples.etcd.proto.ClusterGrpc;
import io.loggos.examples.etcd.proto.CompactionRequest;
import io.loggos.examples.etcd.proto.Compare;
import io.loggos.examples.etcd.proto.DeleteRangeRequest;
import io.loggos.examples.etcd.proto.KVGrpc;
import io.loggos.examples.etcd.proto.LeaseGrantRequest;
import io.loggos.examples.etcd.proto.LeaseGrpc;
import io.loggos.examples.etcd.proto.LeaseRevokeRequest;
import io.loggos.examples.etcd.proto.MemberAddRequest;
import io.loggos.examples.etcd.proto.MemberListRequest;
import io.loggos.examples.etcd.proto.Permission;
import io.loggos.examples.etcd.proto.RequestOp;
import io.loggos.examples.etcd.proto.TxnRequest;
import io.loggos.examples.etcd.proto.UserAddOptions;
import io.loggos.examples.etcd.proto.WatchCreateRequest;
import io.loggos.examples.etcd.proto.WatchGrpc;
import io.loggos.examples.etcd.proto.WatchRequest;
import io.loggos.examples.etcd.proto.WatchResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Requests in the names of users, and what came back without the parts that differ between clusters. */
final class AuthConversation {
    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);
    private static final long DEADLINE_SECONDS = 30;

    private final Channel bare;
    private final List<String> said = new ArrayList<>();
    private final Map<String, String> tokens = new HashMap<>();
    private Channel channel;
    private String name = "";

    AuthConversation(Channel channel) {
        this.bare = channel;
        this.channel = channel;
    }

    List<String> said() {
        return said;
    }

    /** Goes on in the name of a user, with the token from the login. */
    void as(String user) {
        Metadata headers = new Metadata();
        headers.put(TOKEN, tokens.getOrDefault(user, user));
        channel = ClientInterceptors.intercept(bare, MetadataUtils.newAttachHeadersInterceptor(headers));
        name = user;
    }

    /** Goes on in nobody's name. */
    void nobody() {
        channel = bare;
        name = "";
    }

    void login(String user, String password) {
        ask("login " + user, () -> {
            tokens.put(
                    user,
                    AuthGrpc.newBlockingStub(bare)
                            .authenticate(AuthenticateRequest.newBuilder()
                                    .setName(user)
                                    .setPassword(password)
                                    .build())
                            .getToken());
            return "";
        });
    }

    void authenticate(String user, String password) {
        ask("authenticate " + user, () -> {
            boolean token = AuthGrpc.newBlockingStub(bare)
                    .authenticate(AuthenticateRequest.newBuilder()
                            .setName(user)
                            .setPassword(password)
                            .build())
                    .getToken()
                    .isEmpty();
            return "without a token: " + token;
        });
    }

    private void ask(String what, Supplier<Object> call) {
        String answer;
        try {
            answer = call.get().toString();
        } catch (StatusRuntimeException e) {
            answer = e.getStatus().getCode() + ": " + e.getStatus().getDescription();
        }
        said.add(name + "> " + what + "\n"
                + answer.replaceAll("(cluster_id|member_id|raft_term|ID): -?\\d+\\s*", "")
                        .strip());
    }

    private AuthGrpc.AuthBlockingStub auth() {
        return AuthGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private KVGrpc.KVBlockingStub kv() {
        return KVGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    void enable() {
        ask("enable", () -> auth().authEnable(AuthEnableRequest.getDefaultInstance()));
    }

    void disable() {
        ask("disable", () -> auth().authDisable(AuthDisableRequest.getDefaultInstance()));
    }

    void addUser(String user, String password) {
        ask(
                "add user " + user,
                () -> auth().userAdd(AuthUserAddRequest.newBuilder()
                        .setName(user)
                        .setPassword(password)
                        .build()));
    }

    void addUserWithoutPassword(String user) {
        ask(
                "add user without password " + user,
                () -> auth().userAdd(AuthUserAddRequest.newBuilder()
                        .setName(user)
                        .setOptions(UserAddOptions.newBuilder().setNoPassword(true))
                        .build()));
    }

    void user(String user) {
        ask(
                "user " + user,
                () -> auth().userGet(
                                AuthUserGetRequest.newBuilder().setName(user).build()));
    }

    void users() {
        ask("users", () -> auth().userList(AuthUserListRequest.getDefaultInstance()));
    }

    void changePassword(String user, String password) {
        ask(
                "change password " + user,
                () -> auth().userChangePassword(AuthUserChangePasswordRequest.newBuilder()
                        .setName(user)
                        .setPassword(password)
                        .build()));
    }

    void deleteUser(String user) {
        ask(
                "delete user " + user,
                () -> auth().userDelete(
                                AuthUserDeleteRequest.newBuilder().setName(user).build()));
    }

    void grantRole(String user, String role) {
        ask(
                "grant " + user + " " + role,
                () -> auth().userGrantRole(AuthUserGrantRoleRequest.newBuilder()
                        .setUser(user)
                        .setRole(role)
                        .build()));
    }

    void revokeRole(String user, String role) {
        ask(
                "revoke " + user + " " + role,
                () -> auth().userRevokeRole(AuthUserRevokeRoleRequest.newBuilder()
                        .setName(user)
                        .setRole(role)
                        .build()));
    }

    void addRole(String role) {
        ask(
                "add role " + role,
                () -> auth().roleAdd(
                                AuthRoleAddRequest.newBuilder().setName(role).build()));
    }

    void role(String role) {
        ask(
                "role " + role,
                () -> auth().roleGet(
                                AuthRoleGetRequest.newBuilder().setRole(role).build()));
    }

    void roles() {
        ask("roles", () -> auth().roleList(AuthRoleListRequest.getDefaultInstance()));
    }

    void deleteRole(String role) {
        ask(
                "delete role " + role,
                () -> auth().roleDelete(
                                AuthRoleDeleteRequest.newBuilder().setRole(role).build()));
    }

    void grant(String role, Permission.Type type, String key, String end) {
        ask(
                "grant " + role + " " + type + " " + key + " " + end,
                () -> auth().roleGrantPermission(AuthRoleGrantPermissionRequest.newBuilder()
                        .setName(role)
                        .setPerm(Permission.newBuilder()
                                .setPermType(type)
                                .setKey(AuthRequests.bytes(key))
                                .setRangeEnd(AuthRequests.bytes(end)))
                        .build()));
    }

    void revokePermission(String role, String key, String end) {
        ask(
                "revoke permission " + role + " " + key + " " + end,
                () -> auth().roleRevokePermission(AuthRoleRevokePermissionRequest.newBuilder()
                        .setRole(role)
                        .setKey(AuthRequests.bytes(key))
                        .setRangeEnd(AuthRequests.bytes(end))
                        .build()));
    }

    void get(String key) {
        range(key, "");
    }

    void range(String key, String end) {
        ask("range " + key + " " + end, () -> kv().range(AuthRequests.rangeOf(key, end)));
    }

    void put(String key, String value) {
        ask("put " + key, () -> kv().put(AuthRequests.putOf(key, value).build()));
    }

    void putKeepingPrevious(String key, String value) {
        ask(
                "put with previous " + key,
                () -> kv().put(AuthRequests.putOf(key, value).setPrevKv(true).build()));
    }

    void putWithLease(String key, long lease) {
        ask(
                "put with lease " + key,
                () -> kv().put(AuthRequests.putOf(key, "x").setLease(lease).build()));
    }

    void delete(String key) {
        ask(
                "delete " + key,
                () -> kv().deleteRange(DeleteRangeRequest.newBuilder()
                        .setKey(AuthRequests.bytes(key))
                        .build()));
    }

    void deleteShowingPrevious(String key) {
        ask(
                "delete with previous " + key,
                () -> kv().deleteRange(DeleteRangeRequest.newBuilder()
                        .setKey(AuthRequests.bytes(key))
                        .setPrevKv(true)
                        .build()));
    }

    /** Puts one key and reads another in a transaction. */
    void putThen(String key, String value, String read) {
        ask(
                "txn put " + key + " get " + read,
                () -> kv().txn(TxnRequest.newBuilder()
                        .addSuccess(RequestOp.newBuilder().setRequestPut(AuthRequests.putOf(key, value)))
                        .addSuccess(RequestOp.newBuilder().setRequestRange(AuthRequests.rangeOf(read, "")))
                        .build()));
    }

    /** Compares one key and reads another in a transaction. */
    void readIf(String compared, String read) {
        ask(
                "txn if " + compared + " get " + read,
                () -> kv().txn(TxnRequest.newBuilder()
                        .addCompare(Compare.newBuilder()
                                .setKey(AuthRequests.bytes(compared))
                                .setTarget(Compare.CompareTarget.VERSION)
                                .setVersion(0))
                        .addFailure(RequestOp.newBuilder().setRequestRange(AuthRequests.rangeOf(read, "")))
                        .build()));
    }

    void compact(long revision) {
        ask(
                "compact",
                () -> kv().compact(CompactionRequest.newBuilder()
                        .setRevision(revision)
                        .build()));
    }

    void grantLease(long id) {
        ask(
                "grant lease",
                () -> LeaseGrpc.newBlockingStub(channel)
                        .leaseGrant(LeaseGrantRequest.newBuilder()
                                .setID(id)
                                .setTTL(100)
                                .build()));
    }

    void revokeLease(long id) {
        ask(
                "revoke lease " + id,
                () -> LeaseGrpc.newBlockingStub(channel)
                        .leaseRevoke(LeaseRevokeRequest.newBuilder().setID(id).build()));
    }

    void memberList() {
        ask(
                "members",
                () -> ClusterGrpc.newBlockingStub(channel)
                        .memberList(MemberListRequest.getDefaultInstance())
                        .getHeader()
                        .getRevision());
    }

    void memberAdd() {
        ask(
                "add member",
                () -> ClusterGrpc.newBlockingStub(channel)
                        .memberAdd(MemberAddRequest.newBuilder()
                                .addPeerURLs("http://127.0.0.1:1")
                                .build()));
    }

    /** Begins a watch, and records the first answer. */
    void watch(String key, String end) {
        ask("watch " + key + " " + end, () -> {
            CompletableFuture<WatchResponse> first = new CompletableFuture<>();
            StreamObserver<WatchRequest> requests = WatchGrpc.newStub(channel).watch(new StreamObserver<>() {
                @Override
                public void onNext(WatchResponse response) {
                    first.complete(response);
                }

                @Override
                public void onError(Throwable failure) {
                    first.completeExceptionally(failure);
                }

                @Override
                public void onCompleted() {}
            });
            requests.onNext(WatchRequest.newBuilder()
                    .setCreateRequest(WatchCreateRequest.newBuilder()
                            .setKey(AuthRequests.bytes(key))
                            .setRangeEnd(AuthRequests.bytes(end)))
                    .build());
            try {
                return first.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException | InterruptedException e) {
                return e.toString();
            } finally {
                requests.onError(new IllegalStateException("enough seen"));
            }
        });
    }
}
