package io.loggos.api.kv.recipe;

import io.loggos.api.Bytes;
import io.loggos.api.kv.CompactedException;
import io.loggos.api.kv.Compare;
import io.loggos.api.kv.KeyValue;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Operation.SortOrder;
import io.loggos.api.kv.Operation.SortTarget;
import io.loggos.api.kv.Outcome;
import io.loggos.api.kv.WatchEvent;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.api.replica.Consistency;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A queue of leases, each with a key below one name: the name, a slash, and the lease in hexadecimal. The key with the
 * lowest create revision is the first. Each other one waits only for the key before it, so that a deletion wakes one.
 */
final class KeyQueue {
    private final KeyValueStore store;
    private final Bytes prefix;

    KeyQueue(KeyValueStore store, Bytes name) {
        this.store = store;
        byte[] bytes = new byte[name.size() + 1];
        System.arraycopy(name.backingArray(), name.backingOffset(), bytes, 0, name.size());
        bytes[name.size()] = '/';
        prefix = Bytes.wrap(bytes);
    }

    /** The keys of the queue. */
    KeyRange keys() {
        return KeyRange.prefix(prefix);
    }

    /** Returns the read of the first key. */
    Operation.Range first() {
        return sorted(SortOrder.ASCENDING, 0);
    }

    static Operation.Delete deletion(Claim claim) {
        return new Operation.Delete(KeyRange.single(claim.key()), false);
    }

    /** Enters a lease with a value, and waits until it is the first. */
    CompletableFuture<Claim> claim(long lease, Bytes value) {
        Waiting waiting = new Waiting(keyOf(lease), lease);
        waiting.enter(value);
        return waiting.result;
    }

    private Bytes keyOf(long lease) {
        byte[] hexadecimal = Bytes.utf8(Long.toString(lease, 16)).toByteArray();
        byte[] key = new byte[prefix.size() + hexadecimal.length];
        System.arraycopy(prefix.toByteArray(), 0, key, 0, prefix.size());
        System.arraycopy(hexadecimal, 0, key, prefix.size(), hexadecimal.length);
        return Bytes.wrap(key);
    }

    private Operation.Range sorted(SortOrder order, long maxCreateRevision) {
        return new Operation.Range(
                keys(), 0, 1, SortTarget.CREATE_REVISION, order, false, false, 0, 0, 0, maxCreateRevision);
    }

    static @Nullable Throwable unwrapped(@Nullable Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** One lease that waits. */
    private final class Waiting {
        private final CompletableFuture<Claim> result = new CompletableFuture<>();
        private final Bytes key;
        private final long lease;
        private volatile long createRevision;

        Waiting(Bytes key, long lease) {
            this.key = key;
            this.lease = lease;
            CompletableFuture<?> unused = result.whenComplete((claim, failure) -> {
                if (failure instanceof CancellationException) {
                    leave();
                }
            });
        }

        void enter(Bytes value) {
            Operation.Range own = Operation.Range.of(KeyRange.single(key));
            Compare absent = Compare.number(key, Compare.Target.CREATE_REVISION, Compare.Relation.EQUAL, 0);
            then(
                    store.transact(new Operation.Transaction(
                            List.of(absent),
                            List.of(Operation.Put.of(key, value).attachedTo(lease), first()),
                            List.of(own, first()))),
                    entered -> entered(entered.value(), value));
        }

        private void entered(Outcome.Transaction outcome, Bytes value) {
            KeyValue first =
                    ((Outcome.Range) outcome.outcomes().get(1)).keyValues().get(0);
            if (outcome.succeeded()) {
                createRevision = outcome.revision();
            } else {
                KeyValue own =
                        ((Outcome.Range) outcome.outcomes().get(0)).keyValues().get(0);
                createRevision = own.createRevision();
                if (!own.value().equals(value)) {
                    Claim claim = new Claim(key, createRevision, lease, 0);
                    Operation put = Operation.Put.of(key, value).attachedTo(lease);
                    then(
                            store.transact(new Operation.Transaction(List.of(claim.stands()), List.of(put), List.of())),
                            proclaimed -> look());
                    return;
                }
            }
            if (result.isDone()) {
                leave();
            } else if (first.createRevision() == createRevision) {
                complete(outcome.revision());
            } else {
                look();
            }
        }

        /** Looks who is directly before, and waits until that key is deleted. */
        private void look() {
            then(store.range(Consistency.LINEARIZABLE, sorted(SortOrder.DESCENDING, createRevision - 1)), before -> {
                if (before.value().keyValues().isEmpty()) {
                    check();
                } else {
                    await(
                            before.value().keyValues().get(0).key(),
                            before.value().revision() + 1);
                }
            });
        }

        private void await(Bytes other, long fromRevision) {
            CompletableFuture<WatchEvent> deleted = EventAwaiter.await(
                    store, KeyRange.single(other), fromRevision, event -> event.kind() == WatchEvent.Kind.DELETE);
            CompletableFuture<?> unused = result.whenComplete((claim, failure) -> deleted.cancel(false));
            then(deleted, event -> look());
        }

        /** The lease may have ended while it waited. */
        private void check() {
            then(store.range(Consistency.LINEARIZABLE, Operation.Range.of(KeyRange.single(key))), own -> {
                List<KeyValue> found = own.value().keyValues();
                if (!found.isEmpty() && found.get(0).createRevision() == createRevision) {
                    complete(own.value().revision());
                } else {
                    result.completeExceptionally(new KeyValueException(
                            Reason.LEASE_NOT_FOUND, "the lease " + lease + " has ended while it waited"));
                }
            });
        }

        private void complete(long revision) {
            if (!result.complete(new Claim(key, createRevision, lease, revision))) {
                leave();
            }
        }

        /** Goes on with the value of a step. A compaction in between repeats the look; other failures are the result. */
        private <T> void then(CompletableFuture<T> step, Consumer<T> next) {
            CompletableFuture<?> unused = step.whenComplete((value, failure) -> {
                Throwable cause = unwrapped(failure);
                if (cause instanceof CompactedException) {
                    look();
                } else if (cause != null) {
                    if (!result.completeExceptionally(cause)) {
                        return;
                    }
                    leave();
                } else {
                    run(next, value);
                }
            });
        }

        private <T> void run(Consumer<T> next, T value) {
            try {
                next.accept(value);
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        }

        /** Deletes the key of this lease, if it was created. */
        private void leave() {
            if (createRevision > 0) {
                Claim own = new Claim(key, createRevision, lease, 0);
                CompletableFuture<?> unused = store.transact(
                                new Operation.Transaction(List.of(own.stands()), List.of(deletion(own)), List.of()))
                        .handle((done, failure) -> done);
            }
        }
    }
}
