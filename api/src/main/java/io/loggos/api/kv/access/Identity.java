package io.loggos.api.kv.access;

/**
 * A user in whose name something is asked of a store.
 *
 * <p>It carries the revision of the access rules as of which the user was recognized. A command of an older revision is refused when it is applied. So a right that is taken away meanwhile lets nothing
 * slip.
 *
 * @param user the name; empty for nobody
 * @param revision the revision of the access rules; 0 for nobody
 */
public record Identity(String user, long revision) {
    /** Nobody, who may do everything while access control is off, and nothing with keys while it is on. */
    public static final Identity NOBODY = new Identity("", 0);
}
