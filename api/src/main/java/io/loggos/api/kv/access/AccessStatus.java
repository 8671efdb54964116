package io.loggos.api.kv.access;

/**
 * The state of access control.
 *
 * @param enabled true if it is on
 * @param revision the revision of the access rules, which each change raises
 */
public record AccessStatus(boolean enabled, long revision) {}
