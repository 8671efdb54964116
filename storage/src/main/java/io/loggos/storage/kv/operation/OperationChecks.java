package io.loggos.storage.kv.operation;

import io.loggos.api.Bytes;
import io.loggos.api.kv.Compare;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.api.kv.maintenance.KeyValueOptions;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The checks of an operation that need no state, the same that etcd makes before it proposes. They run before a
 * proposal, to save a slot in the log. They run again when a command is applied, since a command may come from
 * elsewhere.
 */
public final class OperationChecks {
    /** The {@link #check(Operation, int)} of all replicas, whatever a node allows. */
    private static final int MAX_OPERATIONS = KeyValueOptions.MOST_OPERATIONS;

    /** Deepest nesting of transactions; one without a nested transaction has depth 1. */
    static final int MAX_DEPTH = 16;

    private OperationChecks() {}

    /** Refuses an operation that is wrong in every state. */
    public static void check(Operation operation) {
        check(operation, MAX_OPERATIONS);
    }

    /**
     * Refuses an operation that is wrong in every state.
     *
     * @param maxOperations the largest number of comparisons, or of operations in a branch, including those of the
     *     enclosing transactions
     */
    public static void check(Operation operation, int maxOperations) {
        if (operation instanceof Operation.Transaction transaction) {
            checkTransaction(transaction, maxOperations, 1);
            new Changes().collect(transaction.then());
            new Changes().collect(transaction.otherwise());
        } else {
            checkSimple(operation);
        }
    }

    /** True if an operation cannot change anything in any state. */
    public static boolean isReadOnly(Operation operation) {
        if (operation instanceof Operation.Transaction transaction) {
            return transaction.then().stream().allMatch(OperationChecks::isReadOnly)
                    && transaction.otherwise().stream().allMatch(OperationChecks::isReadOnly);
        }
        return operation instanceof Operation.Range;
    }

    /** True if a read-only operation looks at no more than single keys, each named in it, and numbers of current keys. */
    public static boolean isShortRead(Operation operation) {
        if (operation instanceof Operation.Transaction transaction) {
            return transaction.compares().stream()
                            .allMatch(compare -> compare.keys().isSingle())
                    && transaction.then().stream().allMatch(OperationChecks::isShortRead)
                    && transaction.otherwise().stream().allMatch(OperationChecks::isShortRead);
        }
        return operation instanceof Operation.Range range
                && (range.keys().isSingle() || (range.countOnly() && range.revision() <= 0));
    }

    /** Returns the ranges of current keys whose number may be part of the answer to a read-only operation. */
    public static List<KeyRange> counted(Operation operation) {
        if (operation instanceof Operation.Transaction transaction) {
            return Stream.concat(transaction.then().stream(), transaction.otherwise().stream())
                    .flatMap(each -> counted(each).stream())
                    .toList();
        }
        return operation instanceof Operation.Range range && range.revision() <= 0 ? List.of(range.keys()) : List.of();
    }

    private static void checkSimple(Operation operation) {
        if (operation instanceof Operation.Put put) {
            checkPut(put);
        } else if (operation instanceof Operation.Range range) {
            checkKeys(range.keys());
        } else if (operation instanceof Operation.Delete delete) {
            checkKeys(delete.keys());
        }
    }

    private static void checkPut(Operation.Put put) {
        if (put.key().isEmpty()) {
            throw new KeyValueException(Reason.EMPTY_KEY, "a key to put is empty");
        }
        if (put.keepValue() && !put.value().isEmpty()) {
            throw new KeyValueException(Reason.INVALID, "the value is to be kept, and another is given");
        }
        if (put.keepLease() && put.lease() != 0) {
            throw new KeyValueException(Reason.INVALID, "the lease is to be kept, and another is given");
        }
    }

    private static void checkKeys(KeyRange keys) {
        if (keys.first().isEmpty() && keys.isSingle()) {
            throw new KeyValueException(Reason.EMPTY_KEY, "a key is empty");
        }
    }

    private static void checkTransaction(Operation.Transaction transaction, int allowed, int depth) {
        if (depth > MAX_DEPTH) {
            throw new KeyValueException(Reason.INVALID, "transactions are nested more than " + MAX_DEPTH + " deep");
        }
        int most = Math.max(
                transaction.compares().size(),
                Math.max(transaction.then().size(), transaction.otherwise().size()));
        if (most > allowed) {
            throw new KeyValueException(
                    Reason.TOO_MANY_OPERATIONS,
                    "a transaction has " + most + " operations, " + allowed + " are allowed");
        }
        for (Compare compare : transaction.compares()) {
            checkKeys(compare.keys());
        }
        checkBranch(transaction.then(), allowed - most, depth);
        checkBranch(transaction.otherwise(), allowed - most, depth);
    }

    private static void checkBranch(List<Operation> branch, int allowed, int depth) {
        for (Operation operation : branch) {
            if (operation instanceof Operation.Transaction nested) {
                checkTransaction(nested, allowed, depth + 1);
            } else if (operation instanceof Operation.Compact) {
                throw new KeyValueException(Reason.INVALID, "a transaction cannot compact");
            } else {
                checkSimple(operation);
            }
        }
    }

    /**
     * The keys that a branch may put and delete. A key may be put only once. It may not be put if the branch itself, or
     * a nested transaction in it, deletes it. Only one of the two branches of a transaction runs, so both may put the
     * same key.
     */
    private static final class Changes {
        private final TreeSet<Bytes> puts = new TreeSet<>();
        private final KeyRangeSet deletes = new KeyRangeSet();

        void collect(List<Operation> branch) {
            for (Operation operation : branch) {
                if (operation instanceof Operation.Delete delete) {
                    deletes.add(delete.keys());
                }
            }
            for (Operation operation : branch) {
                if (operation instanceof Operation.Transaction nested) {
                    collectNested(nested);
                }
            }
            for (Operation operation : branch) {
                if (operation instanceof Operation.Put put) {
                    refuseIf(puts.contains(put.key()) || deletes.contains(put.key()));
                    puts.add(put.key());
                }
            }
        }

        private void collectNested(Operation.Transaction nested) {
            Changes then = new Changes();
            then.collect(nested.then());
            Changes otherwise = new Changes();
            otherwise.collect(nested.otherwise());
            for (Bytes key : then.puts) {
                refuseIf(puts.contains(key) || deletes.contains(key));
            }
            for (Bytes key : otherwise.puts) {
                refuseIf(puts.contains(key) || deletes.contains(key));
            }
            puts.addAll(then.puts);
            puts.addAll(otherwise.puts);
            deletes.addAll(then.deletes);
            deletes.addAll(otherwise.deletes);
        }

        private static void refuseIf(boolean twice) {
            if (twice) {
                throw new KeyValueException(Reason.DUPLICATE_KEY, "a key is changed twice in a transaction");
            }
        }
    }
}
