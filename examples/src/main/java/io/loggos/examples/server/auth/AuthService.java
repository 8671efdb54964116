package io.loggos.examples.server.auth;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.loggos.api.Bytes;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.access.AccessControl;
import io.loggos.api.kv.access.Permission;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.examples.etcd.proto.AuthDisableRequest;
import io.loggos.examples.etcd.proto.AuthDisableResponse;
import io.loggos.examples.etcd.proto.AuthEnableRequest;
import io.loggos.examples.etcd.proto.AuthEnableResponse;
import io.loggos.examples.etcd.proto.AuthGrpc;
import io.loggos.examples.etcd.proto.AuthRoleAddRequest;
import io.loggos.examples.etcd.proto.AuthRoleAddResponse;
import io.loggos.examples.etcd.proto.AuthRoleDeleteRequest;
import io.loggos.examples.etcd.proto.AuthRoleDeleteResponse;
import io.loggos.examples.etcd.proto.AuthRoleGetRequest;
import io.loggos.examples.etcd.proto.AuthRoleGetResponse;
import io.loggos.examples.etcd.proto.AuthRoleGrantPermissionRequest;
import io.loggos.examples.etcd.proto.AuthRoleGrantPermissionResponse;
import io.loggos.examples.etcd.proto.AuthRoleListRequest;
import io.loggos.examples.etcd.proto.AuthRoleListResponse;
import io.loggos.examples.etcd.proto.AuthRoleRevokePermissionRequest;
import io.loggos.examples.etcd.proto.AuthRoleRevokePermissionResponse;
import io.loggos.examples.etcd.proto.AuthStatusRequest;
import io.loggos.examples.etcd.proto.AuthStatusResponse;
import io.loggos.examples.etcd.proto.AuthUserAddRequest;
import io.loggos.examples.etcd.proto.AuthUserAddResponse;
import io.loggos.examples.etcd.proto.AuthUserChangePasswordRequest;
import io.loggos.examples.etcd.proto.AuthUserChangePasswordResponse;
import io.loggos.examples.etcd.proto.AuthUserDeleteRequest;
import io.loggos.examples.etcd.proto.AuthUserDeleteResponse;
import io.loggos.examples.etcd.proto.AuthUserGetRequest;
import io.loggos.examples.etcd.proto.AuthUserGetResponse;
import io.loggos.examples.etcd.proto.AuthUserGrantRoleRequest;
import io.loggos.examples.etcd.proto.AuthUserGrantRoleResponse;
import io.loggos.examples.etcd.proto.AuthUserListRequest;
import io.loggos.examples.etcd.proto.AuthUserListResponse;
import io.loggos.examples.etcd.proto.AuthUserRevokeRoleRequest;
import io.loggos.examples.etcd.proto.AuthUserRevokeRoleResponse;
import io.loggos.examples.etcd.proto.AuthenticateRequest;
import io.loggos.examples.etcd.proto.AuthenticateResponse;
import io.loggos.examples.etcd.proto.ResponseHeader;
import io.loggos.examples.server.call.Answers;
import io.loggos.examples.server.call.Callers;
import io.loggos.examples.server.etcd.Headers;
import io.loggos.examples.server.etcd.Requests;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/** etcd's Auth service on the access control of a replicated store. No method waits. */
public final class AuthService extends AuthGrpc.AuthImplBase implements AutoCloseable {
    private static final Status NO_PERMISSION =
            Status.INVALID_ARGUMENT.withDescription("etcdserver: permission not given");

    private final KeyValueStore store;
    private final Callers callers;
    private final Headers headers;
    private final Answers answers;
    private final Passwords passwords;
    private final Authenticator authenticator;

    /** @param bcryptCost the logarithm of the number of rounds for each password */
    public AuthService(
            KeyValueStore store, Callers callers, Headers headers, Answers answers, Tokens tokens, int bcryptCost) {
        this.store = store;
        this.callers = callers;
        this.headers = headers;
        this.answers = answers;
        passwords = new Passwords(bcryptCost);
        authenticator = new Authenticator(store.access(), passwords, tokens);
    }

    @Override
    public void authEnable(AuthEnableRequest request, StreamObserver<AuthEnableResponse> client) {
        done(
                client,
                AccessControl::enable,
                header -> AuthEnableResponse.newBuilder().setHeader(header).build());
    }

    @Override
    public void authDisable(AuthDisableRequest request, StreamObserver<AuthDisableResponse> client) {
        done(
                client,
                AccessControl::disable,
                header -> AuthDisableResponse.newBuilder().setHeader(header).build());
    }

    @Override
    public void authStatus(AuthStatusRequest request, StreamObserver<AuthStatusResponse> client) {
        answered(
                client,
                AccessControl::status,
                status -> AuthStatusResponse.newBuilder()
                        .setHeader(header())
                        .setEnabled(status.enabled())
                        .setAuthRevision(status.revision())
                        .build());
    }

    @Override
    public void authenticate(AuthenticateRequest request, StreamObserver<AuthenticateResponse> client) {
        answered(
                client,
                access -> authenticator.authenticate(request.getName(), request.getPassword()),
                token -> AuthenticateResponse.newBuilder()
                        .setHeader(header())
                        .setToken(token)
                        .build());
    }

    @Override
    public void userAdd(AuthUserAddRequest request, StreamObserver<AuthUserAddResponse> client) {
        done(
                client,
                access -> request.getOptions().getNoPassword()
                        ? access.addUser(request.getName(), "")
                        : hash(request.getPassword(), request.getHashedPassword())
                                .thenCompose(hash -> access.addUser(request.getName(), hash)),
                header -> AuthUserAddResponse.newBuilder().setHeader(header).build());
    }

    @Override
    public void userGet(AuthUserGetRequest request, StreamObserver<AuthUserGetResponse> client) {
        answered(
                client,
                access -> access.user(request.getName()),
                roles -> AuthUserGetResponse.newBuilder()
                        .setHeader(header())
                        .addAllRoles(roles)
                        .build());
    }

    @Override
    public void userList(AuthUserListRequest request, StreamObserver<AuthUserListResponse> client) {
        answered(
                client,
                AccessControl::users,
                users -> AuthUserListResponse.newBuilder()
                        .setHeader(header())
                        .addAllUsers(users)
                        .build());
    }

    @Override
    public void userDelete(AuthUserDeleteRequest request, StreamObserver<AuthUserDeleteResponse> client) {
        done(
                client,
                access -> access.deleteUser(request.getName()),
                header -> AuthUserDeleteResponse.newBuilder().setHeader(header).build());
    }

    @Override
    public void userChangePassword(
            AuthUserChangePasswordRequest request, StreamObserver<AuthUserChangePasswordResponse> client) {
        done(
                client,
                access -> hash(request.getPassword(), request.getHashedPassword())
                        .thenCompose(hash -> access.changePassword(request.getName(), hash)),
                header -> AuthUserChangePasswordResponse.newBuilder()
                        .setHeader(header)
                        .build());
    }

    @Override
    public void userGrantRole(AuthUserGrantRoleRequest request, StreamObserver<AuthUserGrantRoleResponse> client) {
        done(
                client,
                access -> access.grantRole(request.getUser(), request.getRole()),
                header ->
                        AuthUserGrantRoleResponse.newBuilder().setHeader(header).build());
    }

    @Override
    public void userRevokeRole(AuthUserRevokeRoleRequest request, StreamObserver<AuthUserRevokeRoleResponse> client) {
        done(
                client,
                access -> access.revokeRole(request.getName(), request.getRole()),
                header -> AuthUserRevokeRoleResponse.newBuilder()
                        .setHeader(header)
                        .build());
    }

    @Override
    public void roleAdd(AuthRoleAddRequest request, StreamObserver<AuthRoleAddResponse> client) {
        done(
                client,
                access -> access.addRole(request.getName()),
                header -> AuthRoleAddResponse.newBuilder().setHeader(header).build());
    }

    @Override
    public void roleGet(AuthRoleGetRequest request, StreamObserver<AuthRoleGetResponse> client) {
        answered(client, access -> access.role(request.getRole()), permissions -> {
            AuthRoleGetResponse.Builder response =
                    AuthRoleGetResponse.newBuilder().setHeader(header());
            permissions.forEach(permission -> response.addPerm(describe(permission)));
            return response.build();
        });
    }

    @Override
    public void roleList(AuthRoleListRequest request, StreamObserver<AuthRoleListResponse> client) {
        answered(
                client,
                AccessControl::roles,
                roles -> AuthRoleListResponse.newBuilder()
                        .setHeader(header())
                        .addAllRoles(roles)
                        .build());
    }

    @Override
    public void roleDelete(AuthRoleDeleteRequest request, StreamObserver<AuthRoleDeleteResponse> client) {
        done(
                client,
                access -> access.deleteRole(request.getRole()),
                header -> AuthRoleDeleteResponse.newBuilder().setHeader(header).build());
    }

    @Override
    public void roleGrantPermission(
            AuthRoleGrantPermissionRequest request, StreamObserver<AuthRoleGrantPermissionResponse> client) {
        done(
                client,
                access -> access.grant(request.getName(), permission(request)),
                header -> AuthRoleGrantPermissionResponse.newBuilder()
                        .setHeader(header)
                        .build());
    }

    @Override
    public void roleRevokePermission(
            AuthRoleRevokePermissionRequest request, StreamObserver<AuthRoleRevokePermissionResponse> client) {
        done(
                client,
                access -> access.revoke(request.getRole(), Requests.keys(request.getKey(), request.getRangeEnd())),
                header -> AuthRoleRevokePermissionResponse.newBuilder()
                        .setHeader(header)
                        .build());
    }

    private CompletableFuture<String> hash(String password, String hashed) {
        return hashed.isEmpty() ? passwords.hash(password) : CompletableFuture.completedFuture(hashed);
    }

    private static Permission permission(AuthRoleGrantPermissionRequest request) {
        if (!request.hasPerm()) {
            throw NO_PERMISSION.asRuntimeException();
        }
        io.loggos.examples.etcd.proto.Permission given = request.getPerm();
        Permission.Kind kind = switch (given.getPermType()) {
            case READ -> Permission.Kind.READ;
            case WRITE -> Permission.Kind.WRITE;
            case READWRITE -> Permission.Kind.READ_WRITE;
            case UNRECOGNIZED -> throw NO_PERMISSION.asRuntimeException();
        };
        return new Permission(kind, Requests.keys(given.getKey(), given.getRangeEnd()));
    }

    private static io.loggos.examples.etcd.proto.Permission describe(Permission permission) {
        KeyRange keys = permission.keys();
        Bytes end = keys.end();
        io.loggos.examples.etcd.proto.Permission.Builder described =
                io.loggos.examples.etcd.proto.Permission.newBuilder()
                        .setPermType(
                                switch (permission.kind()) {
                                    case READ -> io.loggos.examples.etcd.proto.Permission.Type.READ;
                                    case WRITE -> io.loggos.examples.etcd.proto.Permission.Type.WRITE;
                                    case READ_WRITE -> io.loggos.examples.etcd.proto.Permission.Type.READWRITE;
                                })
                        .setKey(UnsafeByteOperations.unsafeWrap(keys.first().asByteBuffer()));
        if (end == null) {
            described.setRangeEnd(UnsafeByteOperations.unsafeWrap(new byte[1]));
        } else if (!keys.isSingle()) {
            described.setRangeEnd(UnsafeByteOperations.unsafeWrap(end.asByteBuffer()));
        }
        return described.build();
    }

    private ResponseHeader header() {
        return headers.at(store.revision());
    }

    private <A> void done(
            StreamObserver<A> client,
            Function<AccessControl, CompletableFuture<Void>> ask,
            Function<ResponseHeader, A> answer) {
        answered(client, access -> ask.apply(access).thenApply(none -> true), done -> answer.apply(header()));
    }

    private <T, A> void answered(
            StreamObserver<A> client, Function<AccessControl, CompletableFuture<T>> ask, Function<T, A> answer) {
        AccessControl access = callers.store().access();
        Supplier<CompletableFuture<T>> asks = () -> ask.apply(access);
        answers.later(client, asks, answer);
    }

    @Override
    public void close() {
        passwords.close();
    }
}
