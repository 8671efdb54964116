package io.loggos.storage.kv.access;

import io.loggos.api.kv.KeyValueStore;
import java.util.concurrent.CompletableFuture;

/** Commands on access, asked for as a user of the store does. */
final class AccessRequests {
    private AccessRequests() {}

    /** Asks a store for a command, in the name that the store has. */
    static CompletableFuture<Void> ask(KeyValueStore mine, AccessCommand command) {
        if (command instanceof AccessCommand.Enable) {
            return mine.access().enable();
        } else if (command instanceof AccessCommand.Disable) {
            return mine.access().disable();
        } else if (command instanceof AccessCommand.AddUser add) {
            return mine.access().addUser(add.name(), add.passwordHash());
        } else if (command instanceof AccessCommand.DeleteUser delete) {
            return mine.access().deleteUser(delete.name());
        } else if (command instanceof AccessCommand.ChangePassword change) {
            return mine.access().changePassword(change.name(), change.passwordHash());
        } else if (command instanceof AccessCommand.GrantRole grant) {
            return mine.access().grantRole(grant.user(), grant.role());
        } else if (command instanceof AccessCommand.RevokeRole revoke) {
            return mine.access().revokeRole(revoke.user(), revoke.role());
        } else if (command instanceof AccessCommand.AddRole add) {
            return mine.access().addRole(add.name());
        } else if (command instanceof AccessCommand.DeleteRole delete) {
            return mine.access().deleteRole(delete.name());
        } else if (command instanceof AccessCommand.Grant grant) {
            return mine.access().grant(grant.role(), grant.permission());
        }
        AccessCommand.Revoke revoke = (AccessCommand.Revoke) command;
        return mine.access().revoke(revoke.role(), revoke.keys());
    }
}
