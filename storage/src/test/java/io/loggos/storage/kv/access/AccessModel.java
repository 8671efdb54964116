package io.loggos.storage.kv.access;

import io.loggos.api.Bytes;
import io.loggos.api.kv.access.AccessException.Reason;
import io.loggos.api.kv.access.Identity;
import io.loggos.api.kv.access.Permission;
import io.loggos.api.kv.keys.KeyRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules of access control, written down as simply as possible. A range is allowed if each of its points is. The
 * points are the keys of one letter, and the keys that follow each of them at once.
 */
final class AccessModel {
    static final List<Bytes> POINTS = points();

    final Map<String, Set<String>> users = new HashMap<>();
    final Map<String, List<Permission>> roles = new HashMap<>();
    /** The keys of each lease. */
    final Map<Long, Set<Bytes>> leased = new HashMap<>();

    boolean enabled;
    long revision = 1;

    private static List<Bytes> points() {
        List<Bytes> points = new ArrayList<>();
        for (char letter = 'a'; letter <= 'h'; letter++) {
            points.add(Bytes.utf8(Character.toString(letter)));
            points.add(Bytes.utf8(letter + "\0"));
        }
        points.add(Bytes.utf8("zz"));
        return points;
    }

    /** Returns why keys may not be read or written, or null. */
    @Nullable
    Reason refusal(Identity who, KeyRange keys, boolean write) {
        if (!enabled) {
            return null;
        }
        if (who.user().isEmpty()) {
            return Reason.USER_EMPTY;
        }
        if (who.revision() != revision) {
            return Reason.OLD_REVISION;
        }
        Set<String> has = users.get(who.user());
        if (has == null) {
            return Reason.PERMISSION_DENIED;
        }
        if (has.contains("root")) {
            return null;
        }
        for (Bytes point : POINTS) {
            if (keys.contains(point) && !allowed(has, point, write)) {
                return Reason.PERMISSION_DENIED;
            }
        }
        return null;
    }

    private boolean allowed(Set<String> has, Bytes point, boolean write) {
        for (String role : has) {
            for (Permission permission : roles.getOrDefault(role, List.of())) {
                boolean kind =
                        write ? permission.kind().writes() : permission.kind().reads();
                if (kind && permission.keys().contains(point)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Returns why somebody may not change users and roles, or null. */
    @Nullable
    Reason adminRefusal(Identity who) {
        if (!enabled) {
            return null;
        }
        if (who.user().isEmpty()) {
            return Reason.USER_EMPTY;
        }
        return users.getOrDefault(who.user(), Set.of()).contains("root") ? null : Reason.PERMISSION_DENIED;
    }

    /** Does what an allowed command should do, and returns why it is refused, or null. */
    @Nullable
    Reason change(AccessCommand command) {
        Reason refusal = run(command);
        if (refusal == null && !(command instanceof AccessCommand.Enable)) {
            revision++;
        }
        return refusal == Reason.INVALID_TOKEN ? null : refusal; // Which stands for a command without an effect.
    }

    private @Nullable Reason run(AccessCommand command) {
        if (command instanceof AccessCommand.Enable) {
            if (!enabled && !users.containsKey("root")) {
                return Reason.NO_ROOT_USER;
            }
            if (!enabled && !users.get("root").contains("root")) {
                return Reason.NO_ROOT_ROLE;
            }
            enabled = true;
            return null;
        } else if (command instanceof AccessCommand.Disable) {
            boolean was = enabled;
            enabled = false;
            return was ? null : Reason.INVALID_TOKEN;
        } else if (command instanceof AccessCommand.AddUser add) {
            return users.putIfAbsent(add.name(), new HashSet<>()) == null ? null : Reason.USER_EXISTS;
        } else if (command instanceof AccessCommand.DeleteUser delete) {
            if (enabled && delete.name().equals("root")) {
                return Reason.INVALID_MANAGEMENT;
            }
            return users.remove(delete.name()) == null ? Reason.USER_NOT_FOUND : null;
        } else if (command instanceof AccessCommand.ChangePassword change) {
            return users.containsKey(change.name()) ? null : Reason.USER_NOT_FOUND;
        } else if (command instanceof AccessCommand.GrantRole grant) {
            return grantRole(grant);
        } else if (command instanceof AccessCommand.RevokeRole revoke) {
            return revokeRole(revoke);
        } else if (command instanceof AccessCommand.AddRole add) {
            return roles.putIfAbsent(add.name(), new ArrayList<>()) == null ? null : Reason.ROLE_EXISTS;
        } else if (command instanceof AccessCommand.DeleteRole delete) {
            return deleteRole(delete.name());
        } else if (command instanceof AccessCommand.Grant grant) {
            List<Permission> permissions = roles.get(grant.role());
            if (permissions == null) {
                return Reason.ROLE_NOT_FOUND;
            }
            permissions.removeIf(each -> each.keys().equals(grant.permission().keys()));
            permissions.add(grant.permission());
            return null;
        }
        AccessCommand.Revoke revoke = (AccessCommand.Revoke) command;
        List<Permission> permissions = roles.get(revoke.role());
        if (permissions == null) {
            return Reason.ROLE_NOT_FOUND;
        }
        return permissions.removeIf(each -> each.keys().equals(revoke.keys())) ? null : Reason.PERMISSION_NOT_GRANTED;
    }

    private @Nullable Reason grantRole(AccessCommand.GrantRole grant) {
        Set<String> has = users.get(grant.user());
        if (has == null) {
            return Reason.USER_NOT_FOUND;
        }
        if (!grant.role().equals("root") && !roles.containsKey(grant.role())) {
            return Reason.ROLE_NOT_FOUND;
        }
        return has.add(grant.role()) ? null : Reason.INVALID_TOKEN;
    }

    private @Nullable Reason revokeRole(AccessCommand.RevokeRole revoke) {
        if (enabled && revoke.user().equals("root") && revoke.role().equals("root")) {
            return Reason.INVALID_MANAGEMENT;
        }
        Set<String> has = users.get(revoke.user());
        if (has == null) {
            return Reason.USER_NOT_FOUND;
        }
        return has.remove(revoke.role()) ? null : Reason.ROLE_NOT_GRANTED;
    }

    private @Nullable Reason deleteRole(String name) {
        if (enabled && name.equals("root")) {
            return Reason.INVALID_MANAGEMENT;
        }
        if (roles.remove(name) == null) {
            return Reason.ROLE_NOT_FOUND;
        }
        users.values().forEach(has -> has.remove(name));
        return null;
    }
}
