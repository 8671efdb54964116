package io.loggos.api.kv.access;

import io.loggos.api.LoggosException;

/** Access control refused something, which had no effect. */
public final class AccessException extends LoggosException {
    private static final long serialVersionUID = 1L;

    /** The reason for the refusal. */
    public enum Reason {
        /** Access control is off, and this needs it. */
        NOT_ENABLED,
        /** Access control is on, and nobody's name was given. Or a user without a name was to be added. */
        USER_EMPTY,
        /** The user has no right to this. */
        PERMISSION_DENIED,
        /** The access rules have changed since the user was recognized. */
        OLD_REVISION,
        /** There is no user {@code root}, without whom access control cannot be turned on. */
        NO_ROOT_USER,
        /** The user {@code root} lacks the role {@code root}. */
        NO_ROOT_ROLE,
        /** A user of that name exists already. */
        USER_EXISTS,
        /** There is no user of that name. */
        USER_NOT_FOUND,
        /** A role of that name exists already. */
        ROLE_EXISTS,
        /** There is no role of that name. */
        ROLE_NOT_FOUND,
        /** A role without a name was to be added. */
        ROLE_EMPTY,
        /** The user does not have that role. */
        ROLE_NOT_GRANTED,
        /** The role does not have a permission for exactly that range. */
        PERMISSION_NOT_GRANTED,
        /** The user {@code root} or its role were to be taken away while access control is on. */
        INVALID_MANAGEMENT,
        /** The user is unknown, or the password is wrong. */
        AUTHENTICATION_FAILED,
        /** A password was given for a user who has none. */
        NO_PASSWORD_USER,
        /** The token is unknown or has expired. */
        INVALID_TOKEN
    }

    private final Reason reason;

    public AccessException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** The reason for the refusal. */
    public Reason reason() {
        return reason;
    }
}
