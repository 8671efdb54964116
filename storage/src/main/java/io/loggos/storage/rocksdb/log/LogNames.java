package io.loggos.storage.rocksdb.log;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.StorageException;
import io.loggos.storage.rocksdb.record.RecordKind;
import java.util.Map;
import java.util.TreeMap;

/** The names of the logs of a store. It is held in memory, and each change is durable before the call returns. */
final class LogNames {
    private final BatchCommitter committer;
    private final TreeMap<LogId, String> names;

    LogNames(BatchCommitter committer, Map<LogId, String> loaded) {
        this.committer = committer;
        this.names = new TreeMap<>(loaded);
    }

    synchronized void register(LogId log, String name) {
        String known = names.get(log);
        if (known == null) {
            committer.commit(batch -> batch.small(RecordKind.NAME, log.value(), Bytes.utf8(name)), true, true);
            names.put(log, name);
        } else if (!known.equals(name)) {
            throw new StorageException(
                    StorageException.Kind.OTHER_IDENTITY,
                    log + " is the number of '" + known + "'; '" + name
                            + "' has the same and cannot be kept beside it");
        }
    }

    synchronized Map<LogId, String> all() {
        return new TreeMap<>(names);
    }
}
