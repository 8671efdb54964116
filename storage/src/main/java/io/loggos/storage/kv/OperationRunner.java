package io.loggos.storage.kv;

import io.loggos.api.Bytes;
import io.loggos.api.kv.KeyValue;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Outcome;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.storage.kv.TransactionPlan.Chosen;
import io.loggos.storage.kv.operation.OperationChecks;
import io.loggos.storage.kv.versions.KeyRecord;
import io.loggos.storage.kv.versions.VersionedStore;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * Executes operations on the versions. A transaction has two steps, as in etcd. First, its {@link TransactionPlan} makes
 * all comparisons on the state before it, and checks everything that can be refused. Then the chosen branches run in
 * order, and each operation sees the changes of those before it. Nothing is refused in the second step, so a refused
 * operation has changed nothing.
 */
final class OperationRunner {
    /** Number of keys deleted before the rest of the range is read again. */
    private static final int DELETE_CHUNK = 1024;

    private record Found(Bytes key, KeyRecord record) {}

    private final VersionedStore versions;
    private final RangeReader ranges;
    private final LongPredicate leases;

    /** Revision before the operation that is running. */
    private long base;

    private int changes;

    /**
     * Creates a runner.
     *
     * @param leases tells if a lease exists
     */
    OperationRunner(VersionedStore versions, LongPredicate leases) {
        this.versions = versions;
        this.ranges = new RangeReader(versions);
        this.leases = leases;
    }

    /**
     * Executes an operation. If it changes anything, it does so at the next revision.
     *
     * @throws KeyValueException if it is refused; nothing has changed then
     */
    Outcome run(Operation operation) {
        OperationChecks.check(operation);
        base = versions.revision();
        changes = 0;
        Outcome outcome = runChecked(operation);
        if (changes > 0) {
            versions.revision(base + 1);
        }
        return outcome;
    }

    private Outcome runChecked(Operation operation) {
        if (operation instanceof Operation.Put put) {
            TransactionPlan.checkLease(put, leases);
            TransactionPlan.checkKept(put, versions);
            return put(put);
        }
        if (operation instanceof Operation.Range range) {
            ranges.checkRevision(range);
            return ranges.read(range, base, Cost.ofCommand());
        }
        if (operation instanceof Operation.Delete delete) {
            new TransactionPlan(versions, ranges, Cost.ofCommand(), leases).checkAnswer(delete);
            return delete(delete);
        }
        if (operation instanceof Operation.Transaction transaction) {
            return run(transaction);
        }
        return compact(((Operation.Compact) operation).revision());
    }

    private Outcome.Transaction run(Operation.Transaction transaction) {
        Cost cost = Cost.ofCommand();
        TransactionPlan plan = new TransactionPlan(versions, ranges, cost, leases);
        Chosen chosen = plan.choose(transaction);
        if (!chosen.changes()) {
            return new Reading(versions, cost).run(chosen); // It may be refused on the way.
        }
        if (chosen.answers()) {
            plan.checkAnswer(chosen);
        }
        return transact(chosen);
    }

    /** Returns the revision that operations see: the next one as soon as there is a change. */
    private long now() {
        return changes > 0 ? base + 1 : base;
    }

    private Outcome.Compact compact(long revision) {
        if (revision <= versions.compacted()) {
            throw new KeyValueException(
                    Reason.COMPACTED, "revision " + revision + " was compacted already, up to " + versions.compacted());
        }
        if (revision > base) {
            throw new KeyValueException(
                    Reason.FUTURE_REVISION, "revision " + revision + " is not there yet; the store is at " + base);
        }
        versions.compactTo(revision);
        return new Outcome.Compact(base);
    }

    private Outcome.Put put(Operation.Put put) {
        KeyRecord previous = versions.current(put.key());
        if (previous != null && (put.keepValue() || put.previous())) {
            previous = versions.whole(put.key(), previous);
        }
        Bytes value = put.keepValue() && previous != null ? previous.value() : put.value();
        long lease = put.keepLease() && previous != null ? previous.lease : put.lease();
        versions.put(put.key(), value, lease, base + 1, changes++);
        return new Outcome.Put(base + 1, put.previous() && previous != null ? previous.toKeyValue(put.key()) : null);
    }

    private Outcome.Delete delete(Operation.Delete delete) {
        List<KeyValue> previous = new ArrayList<>();
        long before = changes;
        if (delete.keys().isSingle()) {
            KeyRecord standing = versions.current(delete.keys().first());
            if (standing != null) {
                delete(delete, delete.keys().first(), standing, previous);
            }
        } else {
            deleteRange(delete, previous);
        }
        return new Outcome.Delete(now(), changes - before, previous);
    }

    private void deleteRange(Operation.Delete delete, List<KeyValue> previous) {
        KeyRange left = delete.keys();
        while (true) {
            List<Found> found = new ArrayList<>();
            versions.visit(left, now(), (key, record) -> {
                found.add(new Found(key, record));
                return found.size() < DELETE_CHUNK;
            });
            for (Found each : found) {
                delete(delete, each.key(), each.record(), previous);
            }
            if (found.size() < DELETE_CHUNK) {
                return;
            }
            left = new KeyRange(found.get(DELETE_CHUNK - 1).key(), left.end());
        }
    }

    private void delete(Operation.Delete delete, Bytes key, KeyRecord standing, List<KeyValue> previous) {
        if (delete.previous()) {
            previous.add(versions.whole(key, standing).toKeyValue(key));
        }
        versions.delete(key, standing, base + 1, changes++);
    }

    private Outcome.Transaction transact(Chosen chosen) {
        List<Outcome> outcomes = new ArrayList<>(chosen.branch().size());
        Iterator<Chosen> nested = chosen.nested().iterator();
        for (Operation operation : chosen.branch()) {
            if (operation instanceof Operation.Put put) {
                outcomes.add(put(put));
            } else if (operation instanceof Operation.Range range) {
                outcomes.add(ranges.read(range, now(), Cost.unlimited()));
            } else if (operation instanceof Operation.Delete delete) {
                outcomes.add(delete(delete));
            } else {
                outcomes.add(transact(nested.next()));
            }
        }
        return new Outcome.Transaction(now(), chosen.succeeded(), outcomes);
    }
}
