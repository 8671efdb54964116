package io.loggos.storage.kv;

import io.loggos.api.Bytes;
import io.loggos.api.kv.Compare;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.storage.kv.versions.KeyRecord;
import io.loggos.storage.kv.versions.Versions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The first step of an operation. It makes all comparisons on the state before the operation, those of chosen nested
 * transactions included. It refuses everything that can be refused, so that the second step refuses nothing.
 */
final class TransactionPlan {
    /** The branch chosen in a transaction, and the choices for the transactions nested in it, in order. */
    record Chosen(boolean succeeded, List<Operation> branch, List<Chosen> nested) {
        /** True if it may change anything. */
        boolean changes() {
            return has(operation -> operation instanceof Operation.Put || operation instanceof Operation.Delete);
        }

        /** True if its answer may have keys, or it visits a range. */
        boolean answers() {
            return has(operation -> operation instanceof Operation.Put put
                    ? put.previous()
                    : !(operation instanceof Operation.Transaction));
        }

        private boolean has(Predicate<Operation> wanted) {
            return branch.stream().anyMatch(wanted) || nested.stream().anyMatch(inner -> inner.has(wanted));
        }
    }

    private final Versions versions;
    private final RangeReader ranges;
    private final Cost cost;
    private final LongPredicate leases;

    /**
     * Begins a plan.
     *
     * @param cost pays for the comparisons, and in {@link #checkAnswer} for the answer
     * @param leases tells if a lease exists
     */
    TransactionPlan(Versions versions, RangeReader ranges, Cost cost, LongPredicate leases) {
        this.leases = leases;
        this.versions = versions;
        this.ranges = ranges;
        this.cost = cost;
    }

    /** Evaluates the comparisons, and refuses what cannot be done in the chosen branches. */
    Chosen choose(Operation.Transaction transaction) {
        boolean succeeded = true;
        for (Compare compare : transaction.compares()) {
            succeeded = succeeded && holds(compare);
        }
        List<Operation> branch = succeeded ? transaction.then() : transaction.otherwise();
        List<Chosen> nested = new ArrayList<>();
        for (Operation operation : branch) {
            if (operation instanceof Operation.Put put) {
                checkKept(put, versions);
                checkLease(put, leases);
            } else if (operation instanceof Operation.Range range) {
                ranges.checkRevision(range);
            } else if (operation instanceof Operation.Transaction inner) {
                nested.add(choose(inner));
            }
        }
        return new Chosen(succeeded, branch, nested);
    }

    /** Refuses a put that keeps what is not there. */
    static void checkKept(Operation.Put put, Versions versions) {
        if ((put.keepValue() || put.keepLease()) && versions.current(put.key()) == null) {
            throw new KeyValueException(
                    Reason.KEY_NOT_FOUND, "the key whose value or lease is to be kept is not there");
        }
    }

    /** Refuses a put with a lease that does not exist. */
    static void checkLease(Operation.Put put, LongPredicate leases) {
        if (put.lease() != 0 && !leases.test(put.lease())) {
            throw new KeyValueException(Reason.LEASE_NOT_FOUND, "there is no lease " + put.lease());
        }
    }

    /**
     * Refuses a transaction whose answer is too large. Ranges are read on the state before the transaction, so that
     * nothing has changed if they are refused. What the transaction itself may add to a range is paid besides.
     */
    void checkAnswer(Chosen chosen) {
        checkAnswer(chosen, new Changes(chosen));
    }

    private void checkAnswer(Chosen chosen, Changes changes) {
        for (Operation operation : chosen.branch()) {
            if (operation instanceof Operation.Range range) {
                ranges.read(changes.widened(range), versions.revision(), cost);
                changes.payPuts(range.keys());
            } else if (operation instanceof Operation.Delete delete) {
                checkAnswer(delete);
                changes.payPuts(delete.keys());
            } else if (operation instanceof Operation.Put put && put.previous()) {
                addCurrent(put.key());
            }
        }
        chosen.nested().forEach(inner -> checkAnswer(inner, changes));
    }

    /** Refuses a deletion that is too large. */
    void checkAnswer(Operation.Delete delete) {
        if (delete.keys().isSingle()) {
            if (delete.previous()) {
                addCurrent(delete.keys().first());
            }
            return;
        }
        versions.visit(delete.keys(), versions.revision(), (key, record) -> {
            cost.visited(1);
            if (delete.previous()) {
                cost.answers(key, versions.whole(key, record).value().size());
            }
            return true;
        });
    }

    private void addCurrent(Bytes key) {
        KeyRecord standing = versions.current(key);
        if (standing != null) {
            cost.answers(key, versions.whole(key, standing).value().size());
        }
    }

    private boolean holds(Compare compare) {
        if (compare.keys().isSingle()) {
            return holds(
                    compare,
                    compare.keys().first(),
                    versions.current(compare.keys().first()));
        }
        boolean[] seen = {false};
        boolean[] all = {true};
        versions.visit(compare.keys(), versions.revision(), (key, record) -> {
            cost.visited(1);
            seen[0] = true;
            all[0] = holds(compare, key, record);
            return all[0];
        });
        return seen[0] ? all[0] : holds(compare, compare.keys().first(), null);
    }

    private boolean holds(Compare compare, Bytes key, @Nullable KeyRecord standing) {
        KeyRecord record = standing == null ? KeyRecord.ABSENT : standing;
        if (compare.target() == Compare.Target.VALUE) {
            return standing != null
                    && relates(compare, versions.whole(key, standing).value().compareTo(compare.value()));
        }
        long number = switch (compare.target()) {
            case VERSION -> record.version;
            case CREATE_REVISION -> record.createRevision;
            case MOD_REVISION -> record.modRevision;
            default -> record.lease;
        };
        return relates(compare, Long.compare(number, compare.number()));
    }

    private static boolean relates(Compare compare, int order) {
        return switch (compare.relation()) {
            case EQUAL -> order == 0;
            case GREATER -> order > 0;
            case LESS -> order < 0;
            case NOT_EQUAL -> order != 0;
        };
    }

    /** The changes that the chosen branches make. */
    private final class Changes {
        /** The keys that are put, with the bytes of key and value. */
        private final NavigableMap<Bytes, Long> puts = new TreeMap<>();

        private final List<KeyRange> deletes = new ArrayList<>();

        Changes(Chosen chosen) {
            collect(chosen);
        }

        private void collect(Chosen chosen) {
            for (Operation operation : chosen.branch()) {
                if (operation instanceof Operation.Put put) {
                    puts.merge(put.key(), (long) put.key().size() + put.value().size(), Math::max);
                } else if (operation instanceof Operation.Delete delete) {
                    deletes.add(delete.keys());
                }
            }
            chosen.nested().forEach(this::collect);
        }

        /** Adds what puts may add to the answer for these keys. */
        void payPuts(KeyRange keys) {
            for (long size : within(keys).values()) {
                cost.visited(1);
                cost.add(Cost.KEY_OVERHEAD_BYTES + size);
            }
        }

        /**
         * Returns the range with a limit that covers every key which it may show after the changes. Each changed key
         * may leave the answer, and let one more in.
         */
        Operation.Range widened(Operation.Range range) {
            if (range.limit() <= 0 || range.keys().isSingle()) {
                return range;
            }
            for (KeyRange deleted : deletes) {
                cost.visited(1);
                if (overlap(deleted, range.keys())) {
                    return range.limitedTo(0);
                }
            }
            int changed = within(range.keys()).size();
            cost.visited(changed);
            return changed == 0 ? range : range.limitedTo(Math.addExact(Math.min(range.limit(), 1L << 40), changed));
        }

        private NavigableMap<Bytes, Long> within(KeyRange keys) {
            Bytes end = keys.end();
            if (end != null && keys.first().compareTo(end) >= 0) {
                return Collections.emptyNavigableMap();
            }
            NavigableMap<Bytes, Long> from = puts.tailMap(keys.first(), true);
            return end == null ? from : from.headMap(end, false);
        }

        private static boolean overlap(KeyRange one, KeyRange other) {
            return begins(one, other.end()) && begins(other, one.end());
        }

        private static boolean begins(KeyRange keys, @Nullable Bytes before) {
            return before == null || keys.first().compareTo(before) < 0;
        }
    }
}
