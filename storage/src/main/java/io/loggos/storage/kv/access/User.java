package io.loggos.storage.kv.access;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A user.
 *
 * @param passwordHash empty for none
 */
record User(String name, String passwordHash, SortedSet<String> roles) {
    User {
        roles = Collections.unmodifiableSortedSet(new TreeSet<>(roles));
    }

    User withPassword(String hash) {
        return new User(name, hash, roles);
    }

    User with(String role) {
        TreeSet<String> more = new TreeSet<>(roles);
        more.add(role);
        return new User(name, passwordHash, more);
    }

    User without(String role) {
        TreeSet<String> less = new TreeSet<>(roles);
        less.remove(role);
        return new User(name, passwordHash, less);
    }
}
