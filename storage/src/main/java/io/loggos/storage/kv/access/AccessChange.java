package io.loggos.storage.kv.access;

import io.loggos.api.kv.access.AccessControl;
import io.loggos.api.kv.access.AccessException;
import io.loggos.api.kv.access.AccessException.Reason;
import io.loggos.api.kv.access.Permission;
import io.loggos.api.kv.keys.KeyRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** One change of a state. Refusals and what counts as a change are etcd's. */
final class AccessChange {
    private final AccessState before;
    private final TreeMap<String, User> users;
    private final TreeMap<String, List<Permission>> roles;

    AccessChange(AccessState before) {
        this.before = before;
        users = new TreeMap<>(before.users);
        roles = new TreeMap<>(before.roles);
    }

    /**
     * Returns the state afterwards, which is the one before if nothing changes.
     *
     * @throws AccessException if it is refused
     */
    AccessState run(AccessCommand command) {
        boolean changed;
        if (command instanceof AccessCommand.Enable) {
            return enable();
        } else if (command instanceof AccessCommand.Disable) {
            return before.enabled ? new AccessState(false, before.revision + 1, users, roles) : before;
        } else if (command instanceof AccessCommand.AddUser add) {
            changed = add(add);
        } else if (command instanceof AccessCommand.DeleteUser delete) {
            changed = delete(delete);
        } else if (command instanceof AccessCommand.ChangePassword change) {
            users.put(change.name(), before.existingUser(change.name()).withPassword(change.passwordHash()));
            changed = true;
        } else if (command instanceof AccessCommand.GrantRole grant) {
            changed = grantRole(grant);
        } else if (command instanceof AccessCommand.RevokeRole revoke) {
            changed = revokeRole(revoke);
        } else if (command instanceof AccessCommand.AddRole add) {
            changed = addRole(add.name());
        } else if (command instanceof AccessCommand.DeleteRole delete) {
            changed = deleteRole(delete.name());
        } else if (command instanceof AccessCommand.Grant grant) {
            changed = grant(grant);
        } else {
            changed = revoke((AccessCommand.Revoke) command);
        }
        return changed ? new AccessState(before.enabled, before.revision + 1, users, roles) : before;
    }

    private AccessState enable() {
        if (before.enabled) {
            return before;
        }
        User root = users.get(AccessControl.ROOT);
        if (root == null) {
            throw new AccessException(Reason.NO_ROOT_USER, "there is no user root");
        }
        if (!root.roles().contains(AccessControl.ROOT)) {
            throw new AccessException(Reason.NO_ROOT_ROLE, "the user root lacks the role root");
        }
        return new AccessState(true, before.revision, users, roles);
    }

    private boolean add(AccessCommand.AddUser add) {
        if (add.name().isEmpty()) {
            throw new AccessException(Reason.USER_EMPTY, "a user has a name");
        }
        if (users.containsKey(add.name())) {
            throw new AccessException(Reason.USER_EXISTS, "there is a user " + add.name() + " already");
        }
        users.put(add.name(), new User(add.name(), add.passwordHash(), new TreeSet<>()));
        return true;
    }

    private boolean delete(AccessCommand.DeleteUser delete) {
        keepsRoot(delete.name().equals(AccessControl.ROOT));
        users.remove(before.existingUser(delete.name()).name());
        return true;
    }

    private boolean grantRole(AccessCommand.GrantRole grant) {
        User user = before.existingUser(grant.user());
        if (!grant.role().equals(AccessControl.ROOT)) {
            before.permissionsOf(grant.role());
        }
        users.put(user.name(), user.with(grant.role()));
        return !user.roles().contains(grant.role());
    }

    private boolean revokeRole(AccessCommand.RevokeRole revoke) {
        keepsRoot(revoke.user().equals(AccessControl.ROOT) && revoke.role().equals(AccessControl.ROOT));
        User user = before.existingUser(revoke.user());
        if (!user.roles().contains(revoke.role())) {
            throw new AccessException(Reason.ROLE_NOT_GRANTED, user.name() + " does not have " + revoke.role());
        }
        users.put(user.name(), user.without(revoke.role()));
        return true;
    }

    private boolean addRole(String name) {
        if (name.isEmpty()) {
            throw new AccessException(Reason.ROLE_EMPTY, "a role has a name");
        }
        if (roles.putIfAbsent(name, List.of()) != null) {
            throw new AccessException(Reason.ROLE_EXISTS, "there is a role " + name + " already");
        }
        return true;
    }

    private boolean deleteRole(String name) {
        keepsRoot(name.equals(AccessControl.ROOT));
        before.permissionsOf(name);
        roles.remove(name);
        users.replaceAll((user, with) -> with.roles().contains(name) ? with.without(name) : with);
        return true;
    }

    private boolean grant(AccessCommand.Grant grant) {
        List<Permission> permissions = without(grant.role(), grant.permission().keys());
        permissions.add(grant.permission());
        permissions.sort(Comparator.comparing(each -> each.keys().first()));
        roles.put(grant.role(), List.copyOf(permissions));
        return true;
    }

    private boolean revoke(AccessCommand.Revoke revoke) {
        List<Permission> left = without(revoke.role(), revoke.keys());
        if (left.size() == before.permissionsOf(revoke.role()).size()) {
            throw new AccessException(
                    Reason.PERMISSION_NOT_GRANTED, revoke.role() + " has no permission for exactly these keys");
        }
        roles.put(revoke.role(), List.copyOf(left));
        return true;
    }

    private List<Permission> without(String role, KeyRange keys) {
        List<Permission> left = new ArrayList<>(before.permissionsOf(role));
        left.removeIf(each -> each.keys().equals(keys));
        return left;
    }

    /** While access control is on, somebody must be able to turn it off. */
    private void keepsRoot(boolean takesRootAway) {
        if (before.enabled && takesRootAway) {
            throw new AccessException(Reason.INVALID_MANAGEMENT, "access control needs the user root and its role");
        }
    }
}
