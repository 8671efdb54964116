package io.loggos.storage.kv;

import io.loggos.api.Bytes;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Outcome;
import io.loggos.storage.kv.TransactionPlan.Chosen;
import io.loggos.storage.kv.operation.OperationChecks;
import io.loggos.storage.kv.versions.Versions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Executes operations that change nothing. */
final class Reading {
    private final Versions versions;
    private final RangeReader ranges;
    private final Cost cost;

    Reading(Versions versions, Cost cost) {
        this.versions = versions;
        this.ranges = new RangeReader(versions);
        this.cost = cost;
    }

    /**
     * Reads keys.
     *
     * @throws KeyValueException if the read is refused
     */
    Outcome.Range run(Operation.Range range) {
        OperationChecks.check(range);
        ranges.checkRevision(range);
        return ranges.read(range, versions.revision(), cost);
    }

    /**
     * Executes a transaction without changes.
     *
     * @throws KeyValueException if it is refused
     */
    Outcome.Transaction run(Operation.Transaction transaction) {
        OperationChecks.check(transaction);
        return run(new TransactionPlan(versions, ranges, cost, lease -> false).choose(transaction));
    }

    /**
     * Reads the keys of a lease, in ascending order.
     *
     * @throws KeyValueException if they are too many
     */
    List<Bytes> keysOf(long lease) {
        List<Bytes> keys = new ArrayList<>();
        versions.visitLeased(lease, Bytes.EMPTY, key -> {
            cost.visited(1);
            cost.answers(key, 0);
            return keys.add(key);
        });
        return keys;
    }

    /** Executes the chosen branches of a transaction, without changes. */
    Outcome.Transaction run(Chosen chosen) {
        List<Outcome> outcomes = new ArrayList<>(chosen.branch().size());
        Iterator<Chosen> nested = chosen.nested().iterator();
        for (Operation operation : chosen.branch()) {
            if (operation instanceof Operation.Range range) {
                outcomes.add(ranges.read(range, versions.revision(), cost));
            } else {
                outcomes.add(run(nested.next()));
            }
        }
        return new Outcome.Transaction(versions.revision(), chosen.succeeded(), outcomes);
    }
}
