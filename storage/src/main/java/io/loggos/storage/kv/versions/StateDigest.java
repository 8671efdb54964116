package io.loggos.storage.kv.versions;

import io.loggos.api.Bytes;
import io.loggos.storage.kv.rows.OrderedStore;
import io.loggos.storage.kv.rows.OrderedStore.Table;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A SHA-256 over rows and numbers, and that of all rows which a reader can still see. */
final class StateDigest {
    private final MessageDigest sha;
    private final ByteBuffer number = ByteBuffer.allocate(8);

    StateDigest() {
        try {
            sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Returns the digest of a store. All changes must be in its rows. */
    static Bytes of(Versions versions, OrderedStore store) {
        StateDigest digest = new StateDigest();
        digest.number(versions.revision()).number(versions.compacted());
        store.scan(
                Table.CURRENT,
                Bytes.EMPTY,
                null,
                (key, row) -> digest.row(
                        key, versions.whole(key, KeyRecord.read(row, false)).row()));
        digest.number(-1);
        store.scan(Table.HISTORY, Bytes.EMPTY, null, (rowKey, row) -> {
            Bytes key = RowKeys.unescape(RowKeys.escapedPart(rowKey));
            return RowKeys.revision(rowKey) < versions.compacted()
                    || digest.row(
                            rowKey,
                            versions.whole(key, KeyRecord.read(row, false)).row());
        });
        digest.number(-1);
        store.scan(Table.EVENTS, RowKeys.event(Math.max(0, versions.compacted()), 0), null, digest::row);
        digest.number(-1);
        store.scan(Table.LEASED, Bytes.EMPTY, null, digest::row);
        store.scan(Table.META, Bytes.EMPTY, VersionedStore.STATE_KEY, digest::row);
        return digest.finish();
    }

    StateDigest number(long value) {
        sha.update(number.putLong(0, value).array());
        return this;
    }

    /** Adds a row. The sizes of its parts are added too, so that no two states produce the same bytes. */
    boolean row(Bytes key, Bytes value) {
        number(key.size());
        sha.update(key.backingArray(), key.backingOffset(), key.size());
        number(value.size());
        sha.update(value.backingArray(), value.backingOffset(), value.size());
        return true;
    }

    Bytes finish() {
        return Bytes.wrap(sha.digest());
    }
}
