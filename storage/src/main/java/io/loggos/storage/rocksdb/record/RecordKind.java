package io.loggos.storage.rocksdb.record;

import io.loggos.storage.rocksdb.log.LogMarks;
import org.jspecify.annotations.Nullable;

/** The kind of a record. Its code stands in the record, and at the start of every key except those of entries. */
public enum RecordKind {
    /** A value accepted for a slot: ballot, value. */
    ACCEPTED(1),
    /** A value learned for a slot: ballot, value. */
    LEARNED(2),
    /** The promise, chosen slot and truncation of a log: see {@link LogMarks}. */
    MARKS(3),
    /** The name of a log. */
    NAME(4),
    /** The incarnation under which a peer was met. */
    MET(5),
    /** A peer that has remembered this node. */
    REMEMBERED_BY(6),
    /** A link of the chain of writes: see {@link Chain}. */
    CHAIN(7),
    /** A life of the store: see {@link io.loggos.api.spi.StoreLives}. */
    LIFE(8),
    /** The last mark that a peer told: see {@link io.loggos.api.spi.WriteMark}. */
    PEER_MARK(9),
    /** The reason why the store must not be used any more. */
    FENCED(10),
    /** The configuration of a log: number, last slot before it, highest ballot that it voids, and its bytes. */
    CONFIGURED(11),
    /** The node's knowledge of the cluster's members, opaque here. */
    MEMBERSHIP(12);

    private final byte code;

    RecordKind(int code) {
        this.code = (byte) code;
    }

    public byte code() {
        return code;
    }

    static @Nullable RecordKind ofCode(int code) {
        return code >= 1 && code <= values().length ? values()[code - 1] : null;
    }
}
