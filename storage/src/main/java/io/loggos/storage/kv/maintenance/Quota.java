package io.loggos.storage.kv.maintenance;

import io.loggos.api.kv.Operation;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The decision of this node whether its copy has room for a command. The costs are etcd's. Asking for the size is
 * dear, so the last answer serves for some time. Any thread.
 */
final class Quota {
    private static final long MEASURED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** The cost of a key besides its bytes and its value, and that of a lease. */
    private static final long KEY_COST = 256;

    static final long LEASE_COST = 64;

    private final long quotaBytes;
    private final LongSupplier size;
    private final LongSupplier nanos;

    private volatile long sizeBytes;
    private volatile long measuredNanos;

    Quota(Optional<Long> quotaBytes, LongSupplier size, LongSupplier nanos) {
        this.quotaBytes = quotaBytes.orElse(Long.MAX_VALUE);
        this.size = size;
        this.nanos = nanos;
        this.measuredNanos = nanos.getAsLong() - MEASURED_NANOS - 1;
    }

    /** True if there is a quota at all. */
    boolean isSet() {
        return quotaBytes != Long.MAX_VALUE;
    }

    /** True if there is room for a command of this cost. A command that costs nothing always has room. */
    boolean hasRoom(long cost) {
        if (cost == 0 || !isSet()) {
            return true;
        }
        long now = nanos.getAsLong();
        if (now - measuredNanos > MEASURED_NANOS) {
            measuredNanos = now;
            sizeBytes = size.getAsLong();
        }
        return sizeBytes + cost < quotaBytes;
    }

    /** Returns the cost of an operation: the bytes that it may put. */
    static long cost(Operation operation) {
        if (operation instanceof Operation.Put put) {
            return KEY_COST + put.key().size() + put.value().size();
        }
        return operation instanceof Operation.Transaction transaction
                ? Math.max(cost(transaction.then()), cost(transaction.otherwise()))
                : 0;
    }

    private static long cost(List<Operation> branch) {
        long cost = 0;
        for (Operation operation : branch) {
            cost += cost(operation);
        }
        return cost;
    }
}
