package io.loggos.storage.kv.access;

import io.loggos.api.Bytes;
import io.loggos.api.kv.access.AccessException;
import io.loggos.api.kv.access.AccessException.Reason;
import io.loggos.api.kv.access.Identity;
import io.loggos.api.kv.access.Permission;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The encoding of commands on access in the log, of their answers and of the state. It begins as that of operations
 * does: a byte for the version of the format, then one for the kind. The kinds are none of an operation or of a lease.
 */
public final class AccessCodec {
    private static final int VERSION = 1;
    private static final int COMMAND = 48;
    private static final int DONE = 49;
    private static final int REFUSED = 50;
    private static final int STATE = 51;

    private static final int ENABLE = 0;
    private static final int DISABLE = 1;
    private static final int ADD_USER = 2;
    private static final int DELETE_USER = 3;
    private static final int CHANGE_PASSWORD = 4;
    private static final int GRANT_ROLE = 5;
    private static final int REVOKE_ROLE = 6;
    private static final int ADD_ROLE = 7;
    private static final int DELETE_ROLE = 8;
    private static final int GRANT = 9;
    private static final int REVOKE = 10;
    private static final int ISSUE = 11;
    private static final int GUARDED = 12;

    /** The codes stand in logs and checkpoints: they only grow at the end. */
    private static final List<Permission.Kind> KINDS =
            List.of(Permission.Kind.READ, Permission.Kind.WRITE, Permission.Kind.READ_WRITE);

    private static final List<Reason> REASONS = List.of(
            Reason.NOT_ENABLED,
            Reason.USER_EMPTY,
            Reason.PERMISSION_DENIED,
            Reason.OLD_REVISION,
            Reason.NO_ROOT_USER,
            Reason.NO_ROOT_ROLE,
            Reason.USER_EXISTS,
            Reason.USER_NOT_FOUND,
            Reason.ROLE_EXISTS,
            Reason.ROLE_NOT_FOUND,
            Reason.ROLE_EMPTY,
            Reason.ROLE_NOT_GRANTED,
            Reason.PERMISSION_NOT_GRANTED,
            Reason.INVALID_MANAGEMENT,
            Reason.AUTHENTICATION_FAILED,
            Reason.NO_PASSWORD_USER,
            Reason.INVALID_TOKEN);

    private AccessCodec() {}

    /** A command, and in whose name it is given. */
    record Named(Identity who, AccessCommand command) {}

    /** True if this is a command on access, or one in the name of a user. */
    public static boolean isAccessCommand(Bytes command) {
        return is(command, COMMAND);
    }

    private static boolean is(Bytes bytes, int kind) {
        return bytes.size() > 1 && bytes.at(1) == kind;
    }

    /** Returns a command in the name of a user. */
    public static Bytes guarded(Identity who, Bytes command) {
        return encode(who, new AccessCommand.Guarded(command));
    }

    static Bytes encode(Identity who, AccessCommand command) {
        int size = command instanceof AccessCommand.Guarded guarded
                ? guarded.command().size()
                : 64;
        ByteWriter writer = new ByteWriter(size + who.user().length() + 32)
                .putByte(VERSION)
                .putByte(COMMAND)
                .putText(who.user())
                .putLong(who.revision());
        write(writer, command);
        return writer.toBytes();
    }

    private static void write(ByteWriter writer, AccessCommand command) {
        if (command instanceof AccessCommand.Guarded guarded) {
            writer.putByte(GUARDED).putRaw(guarded.command());
        } else if (command instanceof AccessCommand.Enable) {
            writer.putByte(ENABLE);
        } else if (command instanceof AccessCommand.Disable) {
            writer.putByte(DISABLE);
        } else if (command instanceof AccessCommand.AddUser add) {
            writer.putByte(ADD_USER).putText(add.name()).putText(add.passwordHash());
        } else if (command instanceof AccessCommand.DeleteUser delete) {
            writer.putByte(DELETE_USER).putText(delete.name());
        } else if (command instanceof AccessCommand.ChangePassword change) {
            writer.putByte(CHANGE_PASSWORD).putText(change.name()).putText(change.passwordHash());
        } else if (command instanceof AccessCommand.GrantRole grant) {
            writer.putByte(GRANT_ROLE).putText(grant.user()).putText(grant.role());
        } else if (command instanceof AccessCommand.RevokeRole revoke) {
            writer.putByte(REVOKE_ROLE).putText(revoke.user()).putText(revoke.role());
        } else if (command instanceof AccessCommand.AddRole add) {
            writer.putByte(ADD_ROLE).putText(add.name());
        } else if (command instanceof AccessCommand.DeleteRole delete) {
            writer.putByte(DELETE_ROLE).putText(delete.name());
        } else if (command instanceof AccessCommand.Grant grant) {
            write(writer.putByte(GRANT).putText(grant.role()), grant.permission());
        } else if (command instanceof AccessCommand.Revoke revoke) {
            write(writer.putByte(REVOKE).putText(revoke.role()), revoke.keys());
        } else if (command instanceof AccessCommand.Issue issue) {
            writer.putByte(ISSUE).putText(issue.token());
        }
    }

    /**
     * Decodes a command.
     *
     * @throws MalformedException if the bytes are none
     */
    static Named decodeCommand(Bytes bytes) {
        ByteReader reader = ByteReader.ofVersion(VERSION, bytes);
        reader.getByte();
        Identity who = new Identity(reader.getText(), reader.getCount());
        AccessCommand command = readCommand(reader);
        reader.end();
        return new Named(who, command);
    }

    private static AccessCommand readCommand(ByteReader reader) {
        int kind = reader.getByte();
        return switch (kind) {
            case ENABLE -> new AccessCommand.Enable();
            case DISABLE -> new AccessCommand.Disable();
            case ADD_USER -> new AccessCommand.AddUser(reader.getText(), reader.getText());
            case DELETE_USER -> new AccessCommand.DeleteUser(reader.getText());
            case CHANGE_PASSWORD -> new AccessCommand.ChangePassword(reader.getText(), reader.getText());
            case GRANT_ROLE -> new AccessCommand.GrantRole(reader.getText(), reader.getText());
            case REVOKE_ROLE -> new AccessCommand.RevokeRole(reader.getText(), reader.getText());
            case ADD_ROLE -> new AccessCommand.AddRole(reader.getText());
            case DELETE_ROLE -> new AccessCommand.DeleteRole(reader.getText());
            case GRANT -> new AccessCommand.Grant(reader.getText(), readPermission(reader));
            case REVOKE -> new AccessCommand.Revoke(reader.getText(), readRange(reader));
            case ISSUE -> new AccessCommand.Issue(reader.getText());
            case GUARDED -> new AccessCommand.Guarded(reader.getRest());
            default -> throw new MalformedException("a command on access of the unknown kind " + kind);
        };
    }

    /** Returns the answer of a command that has been done. */
    static Bytes done() {
        return new ByteWriter(2).putByte(VERSION).putByte(DONE).toBytes();
    }

    /** Encodes a refusal. */
    public static Bytes encode(AccessException refusal) {
        return new ByteWriter(64)
                .putByte(VERSION)
                .putByte(REFUSED)
                .putByte(REASONS.indexOf(refusal.reason()))
                .putText(String.valueOf(refusal.getMessage()))
                .toBytes();
    }

    /**
     * Throws the refusal that an answer of the store may be.
     *
     * @throws AccessException if it is one
     * @throws MalformedException if the bytes are malformed
     */
    public static void throwRefusal(Bytes answer) {
        if (is(answer, REFUSED)) {
            ByteReader reader = ByteReader.ofVersion(VERSION, answer);
            reader.getByte();
            Reason reason = known(REASONS, reader);
            String message = reader.getText();
            reader.end();
            throw new AccessException(reason, message);
        }
    }

    static Bytes encode(AccessState state) {
        ByteWriter writer = new ByteWriter(256)
                .putByte(VERSION)
                .putByte(STATE)
                .putBoolean(state.enabled)
                .putLong(state.revision)
                .putInt(state.users.size());
        state.users.values().forEach(user -> {
            writer.putText(user.name())
                    .putText(user.passwordHash())
                    .putInt(user.roles().size());
            user.roles().forEach(writer::putText);
        });
        writer.putInt(state.roles.size());
        state.roles.forEach((name, permissions) -> {
            writer.putText(name).putInt(permissions.size());
            permissions.forEach(permission -> write(writer, permission));
        });
        return writer.toBytes();
    }

    /**
     * Decodes a state.
     *
     * @throws MalformedException if the bytes are none
     */
    static AccessState decodeState(Bytes bytes) {
        ByteReader reader = ByteReader.ofVersion(VERSION, bytes);
        if (reader.getByte() != STATE) {
            throw new MalformedException("no state of access control");
        }
        boolean enabled = reader.getBoolean();
        long revision = reader.getCount();
        TreeMap<String, User> users = new TreeMap<>();
        for (int left = reader.getElementCount(12); left > 0; left--) {
            String name = reader.getText();
            String hash = reader.getText();
            TreeSet<String> roles = new TreeSet<>();
            for (int more = reader.getElementCount(4); more > 0; more--) {
                roles.add(reader.getText());
            }
            users.put(name, new User(name, hash, roles));
        }
        TreeMap<String, List<Permission>> roles = new TreeMap<>();
        for (int left = reader.getElementCount(8); left > 0; left--) {
            String name = reader.getText();
            List<Permission> permissions = new ArrayList<>();
            for (int more = reader.getElementCount(6); more > 0; more--) {
                permissions.add(readPermission(reader));
            }
            roles.put(name, List.copyOf(permissions));
        }
        reader.end();
        return new AccessState(enabled, revision, users, roles);
    }

    private static void write(ByteWriter writer, Permission permission) {
        write(writer.putByte(KINDS.indexOf(permission.kind())), permission.keys());
    }

    private static void write(ByteWriter writer, KeyRange keys) {
        Bytes end = keys.end();
        writer.putBytes(keys.first()).putBoolean(end != null);
        if (end != null) {
            writer.putBytes(end);
        }
    }

    private static Permission readPermission(ByteReader reader) {
        return new Permission(known(KINDS, reader), readRange(reader));
    }

    private static KeyRange readRange(ByteReader reader) {
        Bytes first = reader.getBytes();
        @Nullable Bytes end = reader.getBoolean() ? reader.getBytes() : null;
        return new KeyRange(first, end);
    }

    private static <E> E known(List<E> codes, ByteReader reader) {
        int code = reader.getByte();
        if (code >= codes.size()) {
            throw new MalformedException("unknown code " + code);
        }
        return codes.get(code);
    }
}
