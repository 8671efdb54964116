package io.loggos.storage.kv.access;

import io.loggos.api.kv.access.AccessControl;
import io.loggos.api.kv.access.AccessException;
import io.loggos.api.kv.access.AccessException.Reason;
import io.loggos.api.kv.access.AccessStatus;
import io.loggos.api.kv.access.Credentials;
import io.loggos.api.kv.access.Identity;
import io.loggos.api.kv.access.Permission;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.Replica;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The {@link AccessControl} of a replica, in the name of somebody. Safe for use by any thread. */
public final class ReplicatedAccess implements AccessControl {
    private final Replica replica;
    private final AccessRunner access;
    private final Identity who;

    /** @param access runs the commands of the replica */
    public ReplicatedAccess(Replica replica, AccessRunner access, Identity who) {
        this.replica = replica;
        this.access = access;
        this.who = who;
    }

    @Override
    public CompletableFuture<Void> enable() {
        return ask(new AccessCommand.Enable());
    }

    @Override
    public CompletableFuture<Void> disable() {
        return ask(new AccessCommand.Disable());
    }

    @Override
    public CompletableFuture<AccessStatus> status() {
        return read(state -> state.status);
    }

    @Override
    public AccessStatus localStatus() {
        return access.state().status;
    }

    @Override
    public CompletableFuture<Void> addUser(String name, String passwordHash) {
        return ask(new AccessCommand.AddUser(name, passwordHash));
    }

    @Override
    public CompletableFuture<Void> deleteUser(String name) {
        return ask(new AccessCommand.DeleteUser(name));
    }

    @Override
    public CompletableFuture<Void> changePassword(String name, String passwordHash) {
        return ask(new AccessCommand.ChangePassword(name, passwordHash));
    }

    @Override
    public CompletableFuture<Void> grantRole(String user, String role) {
        return ask(new AccessCommand.GrantRole(user, role));
    }

    @Override
    public CompletableFuture<Void> revokeRole(String user, String role) {
        return ask(new AccessCommand.RevokeRole(user, role));
    }

    @Override
    public CompletableFuture<List<String>> user(String name) {
        return read(state -> {
            if (!who.user().equals(name)) {
                state.checkAdmin(who);
            }
            return List.copyOf(state.existingUser(name).roles());
        });
    }

    @Override
    public CompletableFuture<List<String>> users() {
        return read(state -> {
            state.checkAdmin(who);
            return List.copyOf(state.users.keySet());
        });
    }

    @Override
    public CompletableFuture<Void> addRole(String name) {
        return ask(new AccessCommand.AddRole(name));
    }

    @Override
    public CompletableFuture<Void> deleteRole(String name) {
        return ask(new AccessCommand.DeleteRole(name));
    }

    @Override
    public CompletableFuture<Void> grant(String role, Permission permission) {
        return ask(new AccessCommand.Grant(role, permission));
    }

    @Override
    public CompletableFuture<Void> revoke(String role, KeyRange keys) {
        return ask(new AccessCommand.Revoke(role, keys));
    }

    @Override
    public CompletableFuture<List<Permission>> role(String name) {
        return read(state -> {
            if (!state.has(who, name)) {
                state.checkAdmin(who);
            }
            return state.permissionsOf(name);
        });
    }

    @Override
    public CompletableFuture<List<String>> roles() {
        return read(state -> {
            state.checkAdmin(who);
            return List.copyOf(state.roles.keySet());
        });
    }

    @Override
    public CompletableFuture<Credentials> credentials(String user) {
        return read(state -> {
            if (!state.enabled) {
                throw new AccessException(Reason.NOT_ENABLED, "access control is off");
            }
            User known = state.user(user);
            if (known == null) {
                throw new AccessException(Reason.AUTHENTICATION_FAILED, "there is no user " + user);
            }
            return new Credentials(known.passwordHash(), state.revision);
        });
    }

    @Override
    public CompletableFuture<Void> issue(Identity recognized, String token) {
        return ask(recognized, new AccessCommand.Issue(token));
    }

    @Override
    public void keepTokens(Duration unused) {
        access.tokens().keep(unused.toNanos());
    }

    @Override
    public Optional<Identity> identify(String token) {
        AccessState state = access.state();
        return Optional.ofNullable(access.tokens().use(token)).map(user -> new Identity(user, state.revision));
    }

    @Override
    public void requireRoot() {
        access.state().checkAdmin(who);
    }

    @Override
    public void requireRead(KeyRange keys) {
        access.state().checkRead(who, keys);
    }

    private <T> CompletableFuture<T> read(Function<AccessState, T> query) {
        return replica.read(Consistency.LINEARIZABLE, () -> query.apply(access.state()))
                .thenApply(read -> read.value());
    }

    private CompletableFuture<Void> ask(AccessCommand command) {
        return ask(who, command);
    }

    private CompletableFuture<Void> ask(Identity name, AccessCommand command) {
        return replica.propose(AccessCodec.encode(name, command))
                .thenAccept(result -> AccessCodec.throwRefusal(result.value()));
    }
}
