package io.loggos.storage.kv;

import io.loggos.api.Bytes;
import io.loggos.api.kv.Compare;
import io.loggos.api.kv.KeyValue;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Operation.SortOrder;
import io.loggos.api.kv.Operation.SortTarget;
import io.loggos.api.kv.Outcome;
import io.loggos.api.kv.WatchEvent;
import io.loggos.api.kv.keys.KeyRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A plain implementation of etcd's data model, for comparison: it keeps the whole map as of every revision. It shares
 * no code with the implementation under test.
 */
public final class EtcdModel {
    private final List<NavigableMap<Bytes, KeyValue>> states = new ArrayList<>();
    private final List<List<WatchEvent>> events = new ArrayList<>();
    private long compacted = -1;

    /** The map within the running operation. */
    private NavigableMap<Bytes, KeyValue> working = new TreeMap<>();

    private boolean changed;
    /** The changes of the running operation. */
    private List<WatchEvent> changes = new ArrayList<>();

    /** Creates an empty store at revision 1. */
    public EtcdModel() {
        for (int revision = 0; revision <= 1; revision++) {
            states.add(new TreeMap<>());
            events.add(List.of());
        }
    }

    /** Returns the changes of a revision in their order, with the versions before them. */
    public List<WatchEvent> events(long revision) {
        return events.get((int) revision);
    }

    /** Returns the revision of the model. */
    public long revision() {
        return states.size() - 1L;
    }

    /** Returns the revision that was compacted to, or -1. */
    public long compacted() {
        return compacted;
    }

    /** Executes an operation. A refused operation changes nothing. */
    public Outcome run(Operation operation) {
        begin();
        if (operation instanceof Operation.Compact compact) {
            refuseIf(compact.revision() <= compacted, Reason.COMPACTED);
            refuseIf(compact.revision() > revision(), Reason.FUTURE_REVISION);
            compacted = compact.revision();
            return new Outcome.Compact(revision());
        }
        if (operation instanceof Operation.Transaction transaction) {
            checkShape(transaction, 65_536, 1);
            checkDuplicates(transaction.then(), new ArrayList<>(), new ArrayList<>());
            checkDuplicates(transaction.otherwise(), new ArrayList<>(), new ArrayList<>());
        } else {
            checkAlone(operation);
        }
        if (operation instanceof Operation.Put put) {
            refuseIf(put.lease() != 0, Reason.LEASE_NOT_FOUND);
        }
        checkState(operation);
        NavigableMap<Bytes, KeyValue> before = working;
        working = new TreeMap<>(before);
        Outcome outcome = perform(operation, before);
        if (changed) {
            states.add(working);
            events.add(List.copyOf(changes));
        }
        return outcome;
    }

    private void begin() {
        working = states.get(states.size() - 1);
        changed = false;
        changes = new ArrayList<>();
    }

    private long now() {
        return states.size() - 1L + (changed ? 1 : 0);
    }

    private void checkAlone(Operation operation) {
        if (operation instanceof Operation.Put put) {
            refuseIf(put.key().isEmpty(), Reason.EMPTY_KEY);
            refuseIf(put.keepValue() && !put.value().isEmpty(), Reason.INVALID);
            refuseIf(put.keepLease() && put.lease() != 0, Reason.INVALID);
        } else if (operation instanceof Operation.Range range) {
            refuseIf(range.keys().equals(KeyRange.single(Bytes.EMPTY)), Reason.EMPTY_KEY);
        } else if (operation instanceof Operation.Delete delete) {
            refuseIf(delete.keys().equals(KeyRange.single(Bytes.EMPTY)), Reason.EMPTY_KEY);
        } else {
            throw refusal(Reason.INVALID);
        }
    }

    private void checkShape(Operation.Transaction transaction, int allowed, int depth) {
        refuseIf(depth > 16, Reason.INVALID);
        int size = Math.max(transaction.compares().size(), transaction.then().size());
        size = Math.max(size, transaction.otherwise().size());
        refuseIf(size > allowed, Reason.TOO_MANY_OPERATIONS);
        for (Compare compare : transaction.compares()) {
            refuseIf(compare.keys().equals(KeyRange.single(Bytes.EMPTY)), Reason.EMPTY_KEY);
        }
        List<Operation> all = new ArrayList<>(transaction.then());
        all.addAll(transaction.otherwise());
        for (Operation operation : all) {
            if (operation instanceof Operation.Transaction nested) {
                checkShape(nested, allowed - size, depth + 1);
            } else {
                checkAlone(operation);
            }
        }
    }

    /** Adds the puts and deletes of the branch to the two lists. */
    private void checkDuplicates(List<Operation> branch, List<Bytes> puts, List<KeyRange> deletes) {
        branch.forEach(each -> {
            if (each instanceof Operation.Delete delete) {
                deletes.add(delete.keys());
            }
        });
        for (Operation each : branch) {
            if (each instanceof Operation.Transaction nested) {
                List<Bytes> thenPuts = new ArrayList<>();
                List<KeyRange> thenDeletes = new ArrayList<>();
                checkDuplicates(nested.then(), thenPuts, thenDeletes);
                List<Bytes> otherPuts = new ArrayList<>();
                List<KeyRange> otherDeletes = new ArrayList<>();
                checkDuplicates(nested.otherwise(), otherPuts, otherDeletes);
                thenPuts.forEach(key -> checkDuplicate(key, puts, deletes));
                otherPuts.forEach(key -> checkDuplicate(key, puts, deletes));
                puts.addAll(thenPuts);
                puts.addAll(otherPuts);
                deletes.addAll(thenDeletes);
                deletes.addAll(otherDeletes);
            }
        }
        for (Operation each : branch) {
            if (each instanceof Operation.Put put) {
                checkDuplicate(put.key(), puts, deletes);
                puts.add(put.key());
            }
        }
    }

    private void checkDuplicate(Bytes key, List<Bytes> puts, List<KeyRange> deletes) {
        refuseIf(puts.contains(key), Reason.DUPLICATE_KEY);
        refuseIf(deletes.stream().anyMatch(range -> range.contains(key)), Reason.DUPLICATE_KEY);
    }

    private void checkState(Operation operation) {
        if (operation instanceof Operation.Put put) {
            boolean absent = (put.keepValue() || put.keepLease()) && !working.containsKey(put.key());
            refuseIf(absent, Reason.KEY_NOT_FOUND);
            refuseIf(put.lease() != 0, Reason.LEASE_NOT_FOUND);
        } else if (operation instanceof Operation.Range range) {
            refuseIf(range.revision() > revision(), Reason.FUTURE_REVISION);
            refuseIf(range.revision() > 0 && range.revision() < compacted, Reason.COMPACTED);
        } else if (operation instanceof Operation.Transaction transaction) {
            branch(transaction, working).forEach(this::checkState);
        }
    }

    private Outcome perform(Operation operation, NavigableMap<Bytes, KeyValue> before) {
        if (operation instanceof Operation.Put put) {
            return put(put);
        }
        if (operation instanceof Operation.Range range) {
            return range(range);
        }
        if (operation instanceof Operation.Delete delete) {
            List<KeyValue> gone = within(working, delete.keys());
            gone.forEach(each -> working.remove(each.key()));
            gone.forEach(each -> changes.add(new WatchEvent(
                    WatchEvent.Kind.DELETE, new KeyValue(each.key(), 0, states.size(), 0, 0, Bytes.EMPTY), each)));
            changed = changed || !gone.isEmpty();
            return new Outcome.Delete(now(), gone.size(), delete.previous() ? gone : List.of());
        }
        Operation.Transaction transaction = (Operation.Transaction) operation;
        List<Outcome> outcomes = new ArrayList<>();
        for (Operation each : branch(transaction, before)) {
            outcomes.add(perform(each, before));
        }
        return new Outcome.Transaction(now(), holds(transaction, before), outcomes);
    }

    private Outcome put(Operation.Put put) {
        KeyValue old = working.get(put.key());
        changed = true;
        long revision = states.size();
        working.put(
                put.key(),
                new KeyValue(
                        put.key(),
                        old == null ? revision : old.createRevision(),
                        revision,
                        old == null ? 1 : old.version() + 1,
                        0,
                        put.keepValue() && old != null ? old.value() : put.value()));
        changes.add(new WatchEvent(WatchEvent.Kind.PUT, working.get(put.key()), old));
        return new Outcome.Put(revision, put.previous() ? old : null);
    }

    private Outcome range(Operation.Range range) {
        boolean old = range.revision() > 0 && range.revision() < states.size();
        List<KeyValue> all = within(old ? states.get((int) range.revision()) : working, range.keys());
        long count = all.size();
        if (range.countOnly()) {
            return new Outcome.Range(now(), List.of(), false, count);
        }
        List<KeyValue> kept = new ArrayList<>(all);
        kept.removeIf(each -> (range.minModRevision() != 0 && each.modRevision() < range.minModRevision())
                || (range.maxModRevision() != 0 && each.modRevision() > range.maxModRevision())
                || (range.minCreateRevision() != 0 && each.createRevision() < range.minCreateRevision())
                || (range.maxCreateRevision() != 0 && each.createRevision() > range.maxCreateRevision()));
        Comparator<KeyValue> order = order(range.sortTarget());
        kept.sort(range.sortOrder() == SortOrder.DESCENDING ? order.reversed() : order);
        boolean more = range.limit() > 0 && kept.size() > range.limit();
        if (more) {
            kept = kept.subList(0, (int) range.limit());
        }
        if (range.keysOnly()) {
            kept = kept.stream()
                    .map(each -> new KeyValue(
                            each.key(),
                            each.createRevision(),
                            each.modRevision(),
                            each.version(),
                            each.lease(),
                            Bytes.EMPTY))
                    .toList();
        }
        return new Outcome.Range(now(), kept, more, count);
    }

    private static Comparator<KeyValue> order(SortTarget target) {
        return switch (target) {
            case KEY -> Comparator.comparing(KeyValue::key);
            case VALUE -> Comparator.comparing(KeyValue::value);
            case VERSION -> Comparator.comparing(KeyValue::version);
            case MOD_REVISION -> Comparator.comparing(KeyValue::modRevision);
            case CREATE_REVISION -> Comparator.comparing(KeyValue::createRevision);
        };
    }

    private static List<Operation> branch(Operation.Transaction transaction, NavigableMap<Bytes, KeyValue> state) {
        return holds(transaction, state) ? transaction.then() : transaction.otherwise();
    }

    private static boolean holds(Operation.Transaction transaction, NavigableMap<Bytes, KeyValue> state) {
        return transaction.compares().stream().allMatch(compare -> {
            List<KeyValue> found = within(state, compare.keys());
            return found.isEmpty() ? holds(compare, null) : found.stream().allMatch(each -> holds(compare, each));
        });
    }

    private static boolean holds(Compare compare, @Nullable KeyValue found) {
        if (compare.target() == Compare.Target.VALUE && found == null) {
            return false;
        }
        int order = switch (compare.target()) {
            case VALUE -> found.value().compareTo(compare.value());
            case VERSION -> Long.compare(found == null ? 0 : found.version(), compare.number());
            case MOD_REVISION -> Long.compare(found == null ? 0 : found.modRevision(), compare.number());
            case CREATE_REVISION -> Long.compare(found == null ? 0 : found.createRevision(), compare.number());
            case LEASE -> Long.compare(found == null ? 0 : found.lease(), compare.number());
        };
        return switch (compare.relation()) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case GREATER -> order > 0;
            case LESS -> order < 0;
        };
    }

    private static List<KeyValue> within(NavigableMap<Bytes, KeyValue> state, KeyRange keys) {
        return state.values().stream().filter(each -> keys.contains(each.key())).toList();
    }

    private static void refuseIf(boolean condition, Reason reason) {
        if (condition) {
            throw refusal(reason);
        }
    }

    private static KeyValueException refusal(Reason reason) {
        return new KeyValueException(reason, "refused by the model");
    }
}
