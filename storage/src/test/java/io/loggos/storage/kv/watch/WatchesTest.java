package io.loggos.storage.kv.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loggos.api.Bytes;
import io.loggos.api.InvalidOptionsException;
import io.loggos.api.NodeClosedException;
import io.loggos.api.kv.CompactedException;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Watch;
import io.loggos.api.kv.WatchEvents;
import io.loggos.api.kv.WatchOptions;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.storage.kv.watch.core.WatchLimits;
import io.loggos.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Subscribers of watches, on one copy whose threads the test turns. */
class WatchesTest {
    private static final Bytes A = Bytes.utf8("a");
    private static final Bytes B = Bytes.utf8("b");
    private static final int FEED_BYTES = 100_000;
    private static final int ANSWER_BYTES = 20_000;

    private final VirtualTime time = new VirtualTime();
    private final WatchedCopy copy = new WatchedCopy(
            new SplittableRandom(1), time, new WatchLimits(100_000, 10_000, 16), FEED_BYTES, ANSWER_BYTES);

    @Test
    void allChangesOfARevisionComeTogetherAndInTheirOrder() {
        Subscriber all =
                watch(KeyRange.all(), WatchOptions.builder().previous(true).build());
        all.watch().request(10);
        put(A, "1");
        turn();
        copy.apply(new Operation.Transaction(
                List.of(),
                List.of(put("c", "2"), new Operation.Delete(KeyRange.prefix(A), false), put("b", "3")),
                List.of()));
        turn();
        assertEquals(List.of("2: a=1", "3: c=2 a!(1) b=3"), all.received);
    }

    @Test
    void aWatchBeginsAfterTheRevisionThatItsSubscriberSaw() {
        put(A, "1");
        Subscriber now = watch(KeyRange.single(A), WatchOptions.defaults());
        now.watch().request(10);
        put(A, "2");
        Subscriber past =
                watch(KeyRange.single(A), WatchOptions.builder().fromRevision(1).build());
        past.watch().request(10);
        Subscriber future =
                watch(KeyRange.single(A), WatchOptions.builder().fromRevision(4).build());
        future.watch().request(10);
        turn();
        put(A, "3");
        turn();
        assertEquals(List.of("3: a=2", "4: a=3"), now.received);
        assertEquals(List.of("3: a=1 a=2", "4: a=3"), past.received);
        assertEquals(List.of("4: a=3"), future.received);
    }

    @Test
    void nothingIsDeliveredThatWasNotRequested() {
        Subscriber slow = watch(KeyRange.all(), WatchOptions.defaults());
        for (int i = 1; i <= 4; i++) {
            put(A, "" + i);
            turn();
        }
        assertEquals(List.of(), slow.received);
        slow.watch().request(1);
        turn();
        put(B, "5");
        turn();
        assertEquals(List.of("5: a=1 a=2 a=3 a=4"), slow.received);
        slow.watch().request(1);
        turn();
        assertEquals(List.of("5: a=1 a=2 a=3 a=4", "6: b=5"), slow.received);
    }

    @Test
    void aRevisionIsNotTornWhereThePreviousVersionOfAPartWasNotRead() {
        put(A, "1");
        Subscriber first = watch(KeyRange.single(B), WatchOptions.defaults());
        turn();
        Subscriber previous =
                watch(KeyRange.all(), WatchOptions.builder().previous(true).build());
        previous.watch().request(10);
        copy.apply(new Operation.Transaction(List.of(), List.of(put("b", "2"), put("a", "3")), List.of()));
        turn();
        assertEquals(List.of("3: b=2 a=3(1)"), previous.received);
        assertEquals(List.of(), first.received);
    }

    @Test
    void progressIsReportedOnRequestAndInTime() {
        Subscriber quiet = watch(
                KeyRange.single(B),
                WatchOptions.builder().progressEvery(Duration.ofSeconds(10)).build());
        quiet.watch().request(10);
        turn();
        put(A, "1");
        quiet.watch().requestProgress();
        turn();
        assertEquals(List.of("2:"), quiet.received);
        put(A, "2");
        time.runUntil(time.nanos() + Duration.ofSeconds(9).toNanos());
        turn();
        assertEquals(1, quiet.received.size());
        time.runUntil(time.nanos() + Duration.ofSeconds(2).toNanos());
        turn();
        assertEquals(List.of("2:", "3:"), quiet.received);
    }

    @Test
    void aWatchEndsWithTheCompactedRevision() {
        for (int i = 1; i <= 5; i++) {
            put(A, "" + i);
        }
        copy.apply(new Operation.Compact(4));
        Subscriber old =
                watch(KeyRange.all(), WatchOptions.builder().fromRevision(3).build());
        Subscriber edge =
                watch(KeyRange.all(), WatchOptions.builder().fromRevision(4).build());
        edge.watch().request(1);
        turn();
        assertEquals(4, assertInstanceOf(CompactedException.class, old.failure).compactRevision());
        assertEquals(List.of("6: a=3 a=4 a=5"), edge.received);
    }

    @Test
    void aRevisionThatIsTooLargeEndsItsWatchesOnly() {
        Subscriber small = watch(KeyRange.single(A), WatchOptions.defaults());
        Subscriber large = watch(KeyRange.all(), WatchOptions.defaults());
        turn();
        List<Operation> puts = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            puts.add(put("key-" + i, "x".repeat(1000)));
        }
        puts.add(put("a", "1"));
        copy.apply(new Operation.Transaction(List.of(), puts, List.of()));
        small.watch().request(1);
        large.watch().request(1);
        turn();
        assertEquals(List.of("2: a=1"), small.received);
        assertEquals(
                KeyValueException.Reason.ANSWER_TOO_LARGE,
                assertInstanceOf(KeyValueException.class, large.failure).reason());
    }

    @Test
    void wrongCallsAreRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> copy.watches.watch(KeyRange.between(B, A), WatchOptions.defaults()));
        assertThrows(
                InvalidOptionsException.class,
                () -> WatchOptions.builder()
                        .fromRevision(-1)
                        .puts(false)
                        .deletes(false)
                        .build());
        Subscriber subscriber = watch(KeyRange.all(), WatchOptions.defaults());
        subscriber.watch().request(0);
        turn();
        assertInstanceOf(IllegalArgumentException.class, subscriber.failure);
    }

    @Test
    void closingTheStoreEndsAllWatches() {
        Subscriber before = watch(KeyRange.all(), WatchOptions.defaults());
        copy.watches.close();
        Subscriber after = watch(KeyRange.all(), WatchOptions.defaults());
        assertInstanceOf(NodeClosedException.class, before.failure);
        assertInstanceOf(NodeClosedException.class, after.failure);
    }

    private void put(Bytes key, String value) {
        copy.apply(Operation.Put.of(key, Bytes.utf8(value)));
    }

    private static Operation.Put put(String key, String value) {
        return Operation.Put.of(Bytes.utf8(key), Bytes.utf8(value));
    }

    private void turn() {
        for (int idle = 0; idle < 3; idle++) {
            while (copy.turn()) {
                idle = 0;
            }
            time.runUntil(time.nanos() + 150_000_000);
        }
    }

    private Subscriber watch(KeyRange keys, WatchOptions options) {
        Subscriber subscriber = new Subscriber();
        copy.watches
                .watch(keys, options.toBuilder().executor(Runnable::run).build())
                .subscribe(subscriber);
        return subscriber;
    }

    private static final class Subscriber implements Flow.Subscriber<WatchEvents> {
        private final List<String> received = new ArrayList<>();
        private @Nullable Watch watch;
        private @Nullable Throwable failure;

        Watch watch() {
            assert watch != null;
            return watch;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            watch = (Watch) subscription;
        }

        @Override
        public void onNext(WatchEvents batch) {
            StringBuilder text = new StringBuilder(batch.revision() + ":");
            batch.events()
                    .forEach(event -> text.append(' ')
                            .append(event.keyValue().key().toUtf8())
                            .append(event.kind() == io.loggos.api.kv.WatchEvent.Kind.PUT ? "=" : "!")
                            .append(event.keyValue().value().toUtf8())
                            .append(
                                    event.previous() == null
                                            ? ""
                                            : "(" + event.previous().value().toUtf8() + ")"));
            received.add(text.toString());
        }

        @Override
        public void onError(Throwable cause) {
            failure = cause;
        }

        @Override
        public void onComplete() {
            throw new AssertionError("completed");
        }
    }
}
