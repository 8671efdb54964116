package io.loggos.api.kv;

import io.loggos.api.LoggosException;

/**
 * A watch cannot go on: events that it has not delivered were compacted away. Read the keys again, and watch from the
 * revision after that of the answer.
 */
public final class CompactedException extends LoggosException {
    private static final long serialVersionUID = 1L;

    private final long compactRevision;

    public CompactedException(long compactRevision) {
        super("the revisions below " + compactRevision + " were compacted away");
        this.compactRevision = compactRevision;
    }

    /** The oldest revision from which a watch can begin. */
    public long compactRevision() {
        return compactRevision;
    }
}
