package io.loggos.storage.kv.access;

import io.loggos.api.Bytes;
import io.loggos.api.kv.access.Permission;
import io.loggos.api.kv.keys.KeyRange;

/** A command on users and roles, or another command in the name of a user. */
sealed interface AccessCommand {
    /** Turns access control on. */
    record Enable() implements AccessCommand {}

    /** Turns access control off. */
    record Disable() implements AccessCommand {}

    /** Adds a user. */
    record AddUser(String name, String passwordHash) implements AccessCommand {}

    /** Removes a user. */
    record DeleteUser(String name) implements AccessCommand {}

    /** Replaces a password. */
    record ChangePassword(String name, String passwordHash) implements AccessCommand {}

    /** Gives a role to a user. */
    record GrantRole(String user, String role) implements AccessCommand {}

    /** Takes a role from a user. */
    record RevokeRole(String user, String role) implements AccessCommand {}

    /** Adds a role. */
    record AddRole(String name) implements AccessCommand {}

    /** Removes a role. */
    record DeleteRole(String name) implements AccessCommand {}

    /** Gives a permission to a role. */
    record Grant(String role, Permission permission) implements AccessCommand {}

    /** Takes a permission from a role. */
    record Revoke(String role, KeyRange keys) implements AccessCommand {}

    /** Makes a token of the user known. */
    record Issue(String token) implements AccessCommand {}

    /** Another command, which the user must be allowed to give. */
    record Guarded(Bytes command) implements AccessCommand {}
}
