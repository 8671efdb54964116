package io.loggos.storage.kv.access;

import io.loggos.api.kv.access.AccessControl;
import io.loggos.api.kv.access.AccessException;
import io.loggos.api.kv.access.AccessException.Reason;
import io.loggos.api.kv.access.AccessStatus;
import io.loggos.api.kv.access.Identity;
import io.loggos.api.kv.access.Permission;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.storage.kv.operation.KeyRangeSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Users, roles and permissions at one moment, and the decisions that follow from them. Immutable: any thread may ask.
 */
final class AccessState {
    /** Nobody and nothing, as in a new store. */
    static final AccessState NEW = new AccessState(false, 1, new TreeMap<>(), new TreeMap<>());

    final boolean enabled;
    final long revision;
    final AccessStatus status;
    final SortedMap<String, User> users;
    /** The permissions of each role, in the order of their first keys. */
    final SortedMap<String, List<Permission>> roles;

    /** The rights of each user, as far as somebody has asked. */
    private final Map<String, Rights> rights = new ConcurrentHashMap<>();

    private record Rights(KeyRangeSet reads, KeyRangeSet writes) {}

    AccessState(
            boolean enabled, long revision, SortedMap<String, User> users, SortedMap<String, List<Permission>> roles) {
        this.enabled = enabled;
        this.revision = revision;
        this.status = new AccessStatus(enabled, revision);
        this.users = Collections.unmodifiableSortedMap(users);
        this.roles = Collections.unmodifiableSortedMap(roles);
    }

    /** Returns the user, or null. */
    @Nullable
    User user(String name) {
        return users.get(name);
    }

    /**
     * Returns the user.
     *
     * @throws AccessException if there is none
     */
    User existingUser(String name) {
        User user = users.get(name);
        if (user == null) {
            throw new AccessException(Reason.USER_NOT_FOUND, "there is no user " + name);
        }
        return user;
    }

    /**
     * Returns the permissions of a role.
     *
     * @throws AccessException if there is no such role
     */
    List<Permission> permissionsOf(String role) {
        List<Permission> permissions = roles.get(role);
        if (permissions == null) {
            throw new AccessException(Reason.ROLE_NOT_FOUND, "there is no role " + role);
        }
        return permissions;
    }

    /**
     * Checks that keys may be read.
     *
     * @throws AccessException if not
     */
    void checkRead(Identity who, KeyRange keys) {
        check(who, keys, false);
    }

    /**
     * Checks that keys may be written.
     *
     * @throws AccessException if not
     */
    void checkWrite(Identity who, KeyRange keys) {
        check(who, keys, true);
    }

    private void check(Identity who, KeyRange keys, boolean write) {
        if (!enabled) {
            return;
        }
        User user = current(who);
        if (user.roles().contains(AccessControl.ROOT)) {
            return;
        }
        Rights known = rights.computeIfAbsent(user.name(), name -> rights(user));
        if (!(write ? known.writes() : known.reads()).contains(keys)) {
            throw denied(who);
        }
    }

    /** Returns the user of an identity that is not older than the rules. */
    private User current(Identity who) {
        if (who.user().isEmpty() || who.revision() == 0) {
            throw new AccessException(Reason.USER_EMPTY, "access control is on, and nobody's name was given");
        }
        if (who.revision() != revision) {
            throw new AccessException(
                    Reason.OLD_REVISION,
                    who.user() + " was recognized at revision " + who.revision() + ", the rules are at " + revision);
        }
        User user = users.get(who.user());
        if (user == null) {
            throw denied(who);
        }
        return user;
    }

    private Rights rights(User user) {
        Rights all = new Rights(new KeyRangeSet(), new KeyRangeSet());
        for (String role : user.roles()) {
            for (Permission permission : roles.getOrDefault(role, List.of())) {
                if (permission.kind().reads()) {
                    all.reads.add(permission.keys());
                }
                if (permission.kind().writes()) {
                    all.writes.add(permission.keys());
                }
            }
        }
        return all;
    }

    /**
     * Checks that somebody may change users and roles, and do what concerns all keys. As in etcd, an older revision does
     * not matter: whoever has the role root now may.
     *
     * @throws AccessException if not
     */
    void checkAdmin(Identity who) {
        if (!enabled) {
            return;
        }
        if (who.user().isEmpty()) {
            throw new AccessException(Reason.USER_EMPTY, "access control is on, and nobody's name was given");
        }
        User user = users.get(who.user());
        if (user == null || !user.roles().contains(AccessControl.ROOT)) {
            throw denied(who);
        }
    }

    /** Returns true if somebody has a role, or access control is off. */
    boolean has(Identity who, String role) {
        User user = users.get(who.user());
        return !enabled || (user != null && user.roles().contains(role));
    }

    static AccessException denied(Identity who) {
        return new AccessException(Reason.PERMISSION_DENIED, who.user() + " may not do that");
    }
}
