package io.loggos.api.kv.access;

import io.loggos.api.kv.keys.KeyRange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Users, roles and permissions of a store, with the rules of etcd v3.
 *
 * <p>Users have roles, and roles have permissions on ranges of keys. The role {@code root} may do everything. While
 * access control is off, everybody may do everything. While it is on, only users with the role {@code root} change
 * users and roles, and keys are read and written in the name of a user ({@link io.loggos.api.kv.KeyValueStore#as}).
 *
 * <p>The rules are part of the replicated state. Every write is decided on where it is applied, by the rules at that
 * slot. Every read is decided on by rules that are at least as new as what it returns. A watch is decided on when it
 * begins.
 *
 * <p>The store keeps a hash of each password, and compares no passwords itself: hash them with bcrypt or the like. Futures
 * fail with {@link AccessException}, and as those of the store. Safe for use by any thread.
 */
public interface AccessControl {
    /** The user and the role that access control cannot be without. */
    String ROOT = "root";

    /** Turns access control on, if it is off. */
    CompletableFuture<Void> enable();

    /** Turns access control off, if it is on. All tokens end. */
    CompletableFuture<Void> disable();

    /** Returns the state, with a linearizable read. */
    CompletableFuture<AccessStatus> status();

    /** Returns the state as this node knows it, without waiting. */
    AccessStatus localStatus();

    /**
     * Adds a user.
     *
     * @param passwordHash empty for a user who is recognized by other means than a password
     */
    CompletableFuture<Void> addUser(String name, String passwordHash);

    /** Removes a user, whose tokens end. */
    CompletableFuture<Void> deleteUser(String name);

    /** Replaces the password of a user, whose tokens end. */
    CompletableFuture<Void> changePassword(String name, String passwordHash);

    /** Gives a role to a user. */
    CompletableFuture<Void> grantRole(String user, String role);

    /** Takes a role from a user. */
    CompletableFuture<Void> revokeRole(String user, String role);

    /** Returns the roles of a user, in order. A user may ask about itself. */
    CompletableFuture<List<String>> user(String name);

    /** Returns the names of all users, in order. */
    CompletableFuture<List<String>> users();

    /** Adds a role. */
    CompletableFuture<Void> addRole(String name);

    /** Removes a role, also from all users. */
    CompletableFuture<Void> deleteRole(String name);

    /** Gives a permission to a role. It replaces the one for exactly the same range. */
    CompletableFuture<Void> grant(String role, Permission permission);

    /** Takes the permission for exactly this range from a role. */
    CompletableFuture<Void> revoke(String role, KeyRange keys);

    /** Returns the permissions of a role, in the order of their first keys. A user may ask about its own roles. */
    CompletableFuture<List<Permission>> role(String name);

    /** Returns the names of all roles, in order. */
    CompletableFuture<List<String>> roles();

    /**
     * Returns what a user is recognized by, with a linearizable read. For whoever checks passwords, in nobody's name. It
     * fails with {@link AccessException.Reason#NOT_ENABLED}, or {@link AccessException.Reason#AUTHENTICATION_FAILED} if
     * there is no such user.
     */
    CompletableFuture<Credentials> credentials(String user);

    /**
     * Makes a token known to all replicas. It ends when it has not been used at a replica for some time, there, and when
     * that replica starts again.
     *
     * <p>The future fails with {@link AccessException.Reason#OLD_REVISION} if the rules have changed since the user was
     * recognized.
     *
     * @param token chosen by a source of random bytes that nobody can guess
     */
    CompletableFuture<Void> issue(Identity recognized, String token);

    /**
     * Sets the time for which this node keeps a token that is not used; five minutes before that. Tokens that the node has
     * already are kept for as long.
     *
     * @throws IllegalArgumentException if the time is not positive
     */
    void keepTokens(Duration unused);

    /** Returns the user of a token as this node knows it, or nothing. Does not wait. */
    Optional<Identity> identify(String token);

    /**
     * Checks that what concerns the whole store may be done in this name, by the rules that this node knows.
     *
     * @throws AccessException if not
     */
    void requireRoot();

    /**
     * Checks that keys may be read in this name, by the rules that this node knows.
     *
     * @throws AccessException if not
     */
    void requireRead(KeyRange keys);

    /** Returns a user who is recognized by other means, as of now. Does not wait. */
    default Identity recognized(String user) {
        return new Identity(user, localStatus().revision());
    }
}
