package io.loggos.examples.server.call;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.loggos.api.NodeClosedException;
import io.loggos.api.OutcomeUnknownException;
import io.loggos.api.OverloadedException;
import io.loggos.api.UnavailableException;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.access.AccessException;
import io.loggos.api.member.MemberChangeException;
import io.loggos.api.replica.CommandTooLargeException;
import io.loggos.api.replica.LeadershipTransferException;
import io.loggos.api.replica.ReplicaHaltedException;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The errors of the etcd v3 protocol, code and text. Clients recognize an error by its text, so the texts are exactly
 * etcd's.
 */
public final class EtcdErrors {
    public static final Status EMPTY_KEY = invalid("key is not provided");
    public static final Status KEY_NOT_FOUND = invalid("key not found");
    public static final Status VALUE_PROVIDED = invalid("value is provided");
    public static final Status LEASE_PROVIDED = invalid("lease is provided");
    static final Status TOO_MANY_OPERATIONS = invalid("too many operations in txn request");
    static final Status DUPLICATE_KEY = invalid("duplicate key given in txn request");
    public static final Status INVALID_SORT = invalid("invalid sort option");
    public static final Status REQUEST_TOO_LARGE = invalid("request is too large");
    public static final Status COMPACTED = outOfRange("mvcc: required revision has been compacted");
    static final Status FUTURE_REVISION = outOfRange("mvcc: required revision is a future revision");
    static final Status NO_SPACE = etcd(Status.RESOURCE_EXHAUSTED, "mvcc: database space exceeded");
    static final Status CORRUPT = etcd(Status.DATA_LOSS, "corrupt cluster");
    static final Status LEASE_NOT_FOUND = etcd(Status.NOT_FOUND, "requested lease not found");
    static final Status LEASE_EXISTS = etcd(Status.FAILED_PRECONDITION, "lease already exists");
    static final Status LEASE_TTL_TOO_LARGE = outOfRange("too large lease TTL");
    public static final Status TOO_MANY_REQUESTS = etcd(Status.RESOURCE_EXHAUSTED, "too many requests");
    public static final Status NO_LEADER = etcd(Status.UNAVAILABLE, "no leader");
    static final Status TIMED_OUT = etcd(Status.UNAVAILABLE, "request timed out");
    public static final Status NOT_LEADER = etcd(Status.FAILED_PRECONDITION, "not leader");
    public static final Status BAD_TRANSFEREE = etcd(Status.FAILED_PRECONDITION, "bad leader transferee");
    public static final Status MEMBER_NOT_FOUND = etcd(Status.NOT_FOUND, "member not found");
    public static final Status NOT_LEARNER = etcd(Status.FAILED_PRECONDITION, "can only promote a learner member");
    static final Status UNHEALTHY = etcd(Status.UNAVAILABLE, "unhealthy cluster");
    static final Status TRANSFER_TIMED_OUT = etcd(Status.UNKNOWN, "request timed out, leader transfer took too long");
    public static final Status STOPPED = etcd(Status.UNAVAILABLE, "server stopped");

    private static final Logger LOG = LoggerFactory.getLogger(EtcdErrors.class);
    private static final Occasionally UNEXPECTED = new Occasionally();

    private EtcdErrors() {}

    /** Returns the error that a client gets for a failure of the store. */
    public static StatusRuntimeException of(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof StatusRuntimeException already
                ? already
                : statusOf(cause).withCause(cause).asRuntimeException();
    }

    private static Status statusOf(Throwable failure) {
        if (failure instanceof KeyValueException refused) {
            return statusOf(refused);
        } else if (failure instanceof AccessException refused) {
            return AccessErrors.of(refused);
        } else if (failure instanceof CommandTooLargeException) {
            return REQUEST_TOO_LARGE;
        } else if (failure instanceof OverloadedException) {
            return TOO_MANY_REQUESTS;
        } else if (failure instanceof OutcomeUnknownException || failure instanceof UnavailableException) {
            return TIMED_OUT;
        } else if (failure instanceof NodeClosedException) {
            return STOPPED;
        } else if (failure instanceof LeadershipTransferException refused) {
            return statusOf(refused);
        } else if (failure instanceof MemberChangeException refused) {
            return statusOf(refused);
        } else if (failure instanceof ReplicaHaltedException) {
            return Status.UNAVAILABLE.withDescription("loggos: this replica has halted: " + failure.getMessage());
        }
        UNEXPECTED.run(() -> LOG.warn("a request failed unexpectedly", failure));
        return Status.INTERNAL.withDescription("loggos: " + failure);
    }

    private static Status statusOf(KeyValueException refused) {
        return switch (refused.reason()) {
            case COMPACTED -> COMPACTED;
            case FUTURE_REVISION -> FUTURE_REVISION;
            case KEY_NOT_FOUND -> KEY_NOT_FOUND;
            case DUPLICATE_KEY -> DUPLICATE_KEY;
            case EMPTY_KEY -> EMPTY_KEY;
            case TOO_MANY_OPERATIONS -> TOO_MANY_OPERATIONS;
            case LEASE_NOT_FOUND -> LEASE_NOT_FOUND;
            case LEASE_EXISTS -> LEASE_EXISTS;
            case LEASE_TTL_TOO_LARGE -> LEASE_TTL_TOO_LARGE;
            case NO_SPACE -> NO_SPACE;
            case CORRUPT -> CORRUPT;
            case OPERATION_TOO_LARGE -> REQUEST_TOO_LARGE;
            case ANSWER_TOO_LARGE -> Status.RESOURCE_EXHAUSTED.withDescription("loggos: " + refused.getMessage());
            case INVALID -> invalid(String.valueOf(refused.getMessage()));
        };
    }

    private static Status statusOf(LeadershipTransferException refused) {
        return switch (refused.reason()) {
            case NOT_LEADER -> NOT_LEADER;
            case UNKNOWN_TARGET -> BAD_TRANSFEREE;
            case UNREACHABLE_TARGET, TARGET_BEHIND, BUSY, TIMED_OUT -> TRANSFER_TIMED_OUT;
        };
    }

    private static Status statusOf(MemberChangeException refused) {
        return switch (refused.reason()) {
            case UNREACHABLE -> UNHEALTHY;
            case CONFIG_CONFLICT, BUSY -> Status.UNAVAILABLE.withDescription("loggos: " + refused.getMessage());
            case INVALID -> Status.FAILED_PRECONDITION.withDescription("loggos: " + refused.getMessage());
        };
    }

    private static Status invalid(String text) {
        return etcd(Status.INVALID_ARGUMENT, text);
    }

    private static Status outOfRange(String text) {
        return etcd(Status.OUT_OF_RANGE, text);
    }

    private static Status etcd(Status code, String text) {
        return code.withDescription("etcdserver: " + text);
    }
}
