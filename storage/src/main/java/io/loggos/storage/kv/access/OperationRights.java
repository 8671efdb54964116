package io.loggos.storage.kv.access;

import io.loggos.api.kv.Compare;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.access.AccessException;
import io.loggos.api.kv.access.Identity;
import io.loggos.api.kv.keys.KeyRange;

/** The rights that an operation needs. */
final class OperationRights {
    private OperationRights() {}

    /** Checks the keys of a lease. */
    interface LeaseRights {
        /**
         * Checks that somebody may write all keys of a lease.
         *
         * @throws AccessException if not
         */
        void check(AccessState state, Identity who, long lease);
    }

    /**
     * Checks that somebody may do an operation. Both branches of a transaction count, whichever would run.
     *
     * @param leases a put with a lease must be allowed to write the other keys of it, since they go together
     * @throws AccessException if not
     */
    static void check(AccessState state, Identity who, Operation operation, LeaseRights leases) {
        if (operation instanceof Operation.Put put) {
            KeyRange key = KeyRange.single(put.key());
            state.checkWrite(who, key);
            if (put.lease() != 0) {
                leases.check(state, who, put.lease());
            }
            if (put.previous()) {
                state.checkRead(who, key);
            }
        } else if (operation instanceof Operation.Range range) {
            state.checkRead(who, range.keys());
        } else if (operation instanceof Operation.Delete delete) {
            state.checkWrite(who, delete.keys());
            if (delete.previous()) {
                state.checkRead(who, delete.keys());
            }
        } else if (operation instanceof Operation.Transaction transaction) {
            for (Compare compare : transaction.compares()) {
                state.checkRead(who, compare.keys());
            }
            transaction.then().forEach(each -> check(state, who, each, leases));
            transaction.otherwise().forEach(each -> check(state, who, each, leases));
        }
        // As in etcd, everybody may compact.
    }
}
