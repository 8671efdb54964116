package io.loggos.storage.kv.versions;

import io.loggos.api.Bytes;
import io.loggos.api.kv.keys.KeyRange;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The versions of keys as readers see them: those of the store, or of a snapshot of it. */
public interface Versions {
    /** Receives versions of keys, possibly without their values. */
    @FunctionalInterface
    interface Visitor {
        /** Receives a key with its version. Returns true to continue. */
        boolean visit(Bytes key, KeyRecord record);
    }

    /** Returns the revision of the state. */
    long revision();

    /** Returns the compacted revision, or -1. Every revision from it on can be read. */
    long compacted();

    /** Returns the current version of a key, possibly without its value, or null. */
    @Nullable
    KeyRecord current(Bytes key);

    /** Returns the version of a key at a revision, possibly without its value, or null. */
    @Nullable
    KeyRecord at(Bytes key, long asOf);

    /** Returns the same version of a key with its value. */
    KeyRecord whole(Bytes key, KeyRecord record);

    /** Visits the keys of a range as of a revision, in ascending order. */
    void visit(KeyRange keys, long asOf, Visitor visitor);

    /** Returns the number of keys in a range in the current state. */
    long countCurrent(KeyRange keys);

    /** Visits the current keys of a lease from {@code from} on, in ascending order, until the visitor returns false. */
    void visitLeased(long lease, Bytes from, Predicate<Bytes> visitor);

    /** True if a range as of this revision consists of the current versions only. */
    boolean isNow(long asOf);
}
