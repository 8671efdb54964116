package io.loggos.api.kv.access;

/**
 * The password of a user, as a hash.
 *
 * @param passwordHash the hash of the password, as it was given to the store; empty if the user has none
 * @param revision the revision of the access rules at which this was read
 */
public record Credentials(String passwordHash, long revision) {
    /** Names no hash. */
    @Override
    public String toString() {
        return "Credentials[revision=" + revision + "]";
    }
}
