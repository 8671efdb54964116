package io.loggos.storage.kv.access;

import io.loggos.api.Bytes;
import io.loggos.api.StorageException;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.access.AccessException;
import io.loggos.api.kv.access.AccessException.Reason;
import io.loggos.api.kv.access.Identity;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.internal.codec.MalformedException;
import io.loggos.storage.kv.versions.LeaseRows;
import io.loggos.storage.kv.versions.VersionedStore;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

/**
 * Executes commands on users and roles, and decides on commands in the name of users.
 *
 * <p>The state is in memory, and replaced as a whole by each change. {@link #store} writes it to a row for a checkpoint.
 * All methods belong to the thread that applies commands, except {@link #state} and {@link #tokens}.
 */
public final class AccessRunner {
    /** Time after which a token that is not used ends, as in etcd. */
    private static final Duration TOKEN_TTL = Duration.ofMinutes(5);

    /** Among the rows that the digest of the state covers. */
    private static final Bytes ROW = Bytes.utf8("rights");
    /** Number of keys of a lease that are read at a time. */
    private static final int LEASED_CHUNK = 1024;

    private final VersionedStore versions;
    private final LeaseRows rows;
    private final TokenTable tokens;
    private final LongSupplier wallMillis;
    private volatile AccessState state = AccessState.NEW;
    private boolean isUnwritten;

    /**
     * Begins with the state that is in the store.
     *
     * @param nanos this replica's monotonic clock, for its tokens
     * @param wallMillis this machine's clock, which tells how old a token is in a log that is read again
     */
    public AccessRunner(VersionedStore versions, LongSupplier nanos, LongSupplier wallMillis) {
        this.versions = versions;
        this.rows = versions.leaseRows();
        this.tokens = new TokenTable(TOKEN_TTL.toNanos(), nanos);
        this.wallMillis = wallMillis;
        load();
    }

    /** Returns the state. Any thread. */
    AccessState state() {
        return state;
    }

    /** Returns the tokens. Any thread. */
    TokenTable tokens() {
        return tokens;
    }

    /** Tells if access control is on. */
    public boolean isEnabled() {
        return state.enabled;
    }

    /**
     * Checks an operation.
     *
     * @throws AccessException if it is not allowed
     */
    public void check(Identity who, Operation operation) {
        OperationRights.check(state, who, operation, this::checkLease);
    }

    /**
     * Checks that keys may be read.
     *
     * @throws AccessException if not
     */
    public void checkRead(Identity who, KeyRange keys) {
        state.checkRead(who, keys);
    }

    /**
     * Checks the revocation of a lease, which deletes its keys.
     *
     * @throws AccessException if it is not allowed
     */
    public void checkRevocation(Identity who, long lease) {
        checkLease(state, who, lease);
    }

    private void checkLease(AccessState now, Identity who, long lease) {
        Bytes from = Bytes.EMPTY;
        List<Bytes> keys;
        do {
            keys = rows.keys(lease, from, LEASED_CHUNK);
            for (Bytes key : keys) {
                now.checkWrite(who, KeyRange.single(key));
                from = KeyRange.single(key).end();
            }
        } while (keys.size() == LEASED_CHUNK && from != null);
    }

    /**
     * Executes a command.
     *
     * @param logMillis the log time of the command
     * @param others executes a command in the name of a user
     * @throws AccessException if it is refused; nothing has changed then
     * @throws MalformedException if the bytes are no command on access
     */
    public Bytes apply(Bytes bytes, long logMillis, BiFunction<Identity, Bytes, Bytes> others) {
        AccessCodec.Named named = AccessCodec.decodeCommand(bytes);
        AccessCommand command = named.command();
        if (command instanceof AccessCommand.Guarded guarded) {
            if (AccessCodec.isAccessCommand(guarded.command())) {
                throw new MalformedException("a name within a name");
            }
            return others.apply(named.who(), guarded.command());
        }
        if (command instanceof AccessCommand.Issue issue) {
            issue(named.who(), issue.token(), logMillis);
            return AccessCodec.done();
        }
        state.checkAdmin(named.who());
        AccessState next = new AccessChange(state).run(command);
        if (next != state) {
            state = next;
            isUnwritten = true;
            versions.note(next.revision, bytes.hashCode());
            endTokens(command);
        }
        return AccessCodec.done();
    }

    private void issue(Identity who, String token, long logMillis) {
        if (!state.enabled) {
            throw new AccessException(Reason.NOT_ENABLED, "access control is off");
        }
        if (who.revision() != state.revision) {
            throw new AccessException(
                    Reason.OLD_REVISION, "the rules have changed since " + who.user() + " was recognized");
        }
        if (state.user(who.user()) == null) {
            throw new AccessException(Reason.AUTHENTICATION_FAILED, "there is no user " + who.user());
        }
        long ageMillis = Math.max(0, wallMillis.getAsLong() - logMillis);
        tokens.add(token, who.user(), Duration.ofMillis(ageMillis).toNanos());
    }

    private void endTokens(AccessCommand command) {
        if (command instanceof AccessCommand.Disable) {
            tokens.endAll();
        } else if (command instanceof AccessCommand.DeleteUser delete) {
            tokens.end(delete.name());
        } else if (command instanceof AccessCommand.ChangePassword change) {
            tokens.end(change.name());
        }
    }

    /** Writes the state to a row of the store, if it has changed. */
    public void store() {
        if (isUnwritten) {
            versions.meta(ROW, AccessCodec.encode(state));
            isUnwritten = false;
        }
    }

    /** Replaces the state by that in the store. */
    public void load() {
        Bytes row = versions.meta(ROW);
        tokens.endAll();
        isUnwritten = false;
        try {
            state = row == null ? AccessState.NEW : AccessCodec.decodeState(row);
        } catch (MalformedException e) {
            throw new StorageException(StorageException.Kind.CORRUPT, "access control: " + e.getMessage(), e);
        }
    }
}
