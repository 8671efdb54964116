package io.loggos.examples.server.call;

import io.grpc.Status;
import io.loggos.api.kv.access.AccessException;

/** The errors of etcd for what access control refuses, code and text. */
public final class AccessErrors {
    private AccessErrors() {}

    /** Returns the error that a client gets. */
    public static Status of(AccessException refused) {
        return switch (refused.reason()) {
            case NOT_ENABLED -> etcd(Status.FAILED_PRECONDITION, "authentication is not enabled");
            case USER_EMPTY -> etcd(Status.INVALID_ARGUMENT, "user name is empty");
            case PERMISSION_DENIED -> etcd(Status.PERMISSION_DENIED, "permission denied");
            case OLD_REVISION -> etcd(Status.INVALID_ARGUMENT, "revision of auth store is old");
            case NO_ROOT_USER -> etcd(Status.FAILED_PRECONDITION, "root user does not exist");
            case NO_ROOT_ROLE -> etcd(Status.FAILED_PRECONDITION, "root user does not have root role");
            case USER_EXISTS -> etcd(Status.FAILED_PRECONDITION, "user name already exists");
            case USER_NOT_FOUND -> etcd(Status.FAILED_PRECONDITION, "user name not found");
            case ROLE_EXISTS -> etcd(Status.FAILED_PRECONDITION, "role name already exists");
            case ROLE_NOT_FOUND -> etcd(Status.FAILED_PRECONDITION, "role name not found");
            case ROLE_EMPTY -> etcd(Status.INVALID_ARGUMENT, "role name is empty");
            case ROLE_NOT_GRANTED -> etcd(Status.FAILED_PRECONDITION, "role is not granted to the user");
            case PERMISSION_NOT_GRANTED -> etcd(Status.FAILED_PRECONDITION, "permission is not granted to the role");
            case INVALID_MANAGEMENT -> etcd(Status.INVALID_ARGUMENT, "invalid auth management");
            case AUTHENTICATION_FAILED ->
                etcd(Status.INVALID_ARGUMENT, "authentication failed, invalid user ID or password");
            case NO_PASSWORD_USER ->
                Status.UNKNOWN.withDescription("auth: authentication failed, password was given for no password user");
            case INVALID_TOKEN -> etcd(Status.UNAUTHENTICATED, "invalid auth token");
        };
    }

    private static Status etcd(Status code, String text) {
        return code.withDescription("etcdserver: " + text);
    }
}
