package io.loggos.storage.kv.watch;

import io.loggos.api.Bytes;
import io.loggos.api.kv.CompactedException;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Watch;
import io.loggos.api.kv.WatchEvents;
import io.loggos.api.kv.WatchOptions;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.storage.kv.EtcdModel;
import io.loggos.storage.kv.RandomOperations;
import io.loggos.storage.kv.watch.core.WatchLimits;
import io.loggos.testkit.Violation;
import io.loggos.testkit.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Two copies of a store apply one log, each at its own pace, with compactions and installed checkpoints. Watches with
 * slow and fast subscribers come, go, and go on at the other copy. A run is a function of its seed.
 */
public final class WatchSimulation {
    private static final int STEPS = 1500;
    private static final int QUIET_STEPS = 200_000;

    private final SplittableRandom random;
    private final VirtualTime time = new VirtualTime();
    private final RandomOperations operations;
    private final EtcdModel model = new EtcdModel();
    private final List<Operation> log = new ArrayList<>();
    private final List<WatchedCopy> copies = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();
    private final Path directory;
    int batches;
    int compacted;
    int reports;

    WatchSimulation(long seed, Path directory) {
        this.directory = directory;
        random = new SplittableRandom(seed);
        operations = new RandomOperations(new Random(seed), 2);
        WatchLimits limits = new WatchLimits(
                random.nextInt(4) == 0 ? 0 : random.nextInt(8000), random.nextInt(2000), 1 + random.nextInt(4));
        for (int i = 0; i < 2; i++) {
            copies.add(new WatchedCopy(random.split(), time, limits, 500 + random.nextInt(8000), 1 << 20));
        }
    }

    /**
     * Runs seeds until one fails.
     *
     * @return the violated predicate and the seed, or an empty text
     */
    public static String firstViolation(long first, int seeds) {
        Path directory = Path.of(System.getProperty("java.io.tmpdir"));
        for (long seed = first; seed < first + seeds; seed++) {
            try {
                new WatchSimulation(seed, directory).run();
            } catch (Violation violation) {
                return violation.predicate() + " at seed " + seed;
            } catch (RuntimeException failure) {
                return failure + " at seed " + seed;
            }
        }
        return "";
    }

    void run() {
        for (int step = 0; step < STEPS; step++) {
            step(random.nextInt(100));
        }
        quieten();
    }

    private void step(int kind) {
        WatchedCopy copy = copies.get(random.nextInt(copies.size()));
        if (kind < 20) {
            propose();
        } else if (kind < 45) {
            for (int i = random.nextInt(4); i >= 0 && copy.applied < log.size(); i--) {
                copy.apply(log.get(copy.applied));
            }
        } else if (kind < 75) {
            for (int i = random.nextInt(6); i >= 0; i--) {
                copy.turn();
            }
        } else if (kind < 78) {
            if (readers.size() < 12) {
                readers.add(new Reader(copy));
            }
        } else if (kind == 78) {
            WatchedCopy other = copies.get(copies.get(0) == copy ? 1 : 0);
            if (other.applied > copy.applied) {
                copy.install(other, directory);
            }
        } else if (kind < 82) {
            time.runUntil(time.nanos() + random.nextLong(200_000_000));
        } else if (!readers.isEmpty()) {
            readers.get(random.nextInt(readers.size())).act(copy);
        }
    }

    private void propose() {
        Operation operation = operations.next(model.revision());
        try {
            model.run(operation);
            log.add(operation);
        } catch (KeyValueException refused) {
            log.add(operation);
        }
    }

    /** Lets everything that is under way end. Then each watch must have come to the newest revision. */
    private void quieten() {
        for (WatchedCopy copy : copies) {
            while (copy.applied < log.size()) {
                copy.apply(log.get(copy.applied));
            }
        }
        readers.forEach(Reader::wantAll);
        for (int i = 0; i < QUIET_STEPS && readers.stream().anyMatch(reader -> !reader.isDone()); i++) {
            boolean worked = false;
            for (WatchedCopy copy : copies) {
                worked |= copy.turn();
            }
            if (!worked) {
                time.runUntil(time.nanos() + 50_000_000);
            }
        }
        for (Reader reader : readers) {
            Violation.unless(reader.isDone(), "live", () -> reader + " stays at " + reader.judge.next());
        }
    }

    /** A subscriber that goes on at another copy now and then. */
    private final class Reader implements Flow.Subscriber<WatchEvents> {
        private final KeyRange keys;
        private final WatchOptions options;
        private final WatchJudge judge;
        private @Nullable Watch watch;
        private long requested;
        private boolean ended;

        Reader(WatchedCopy copy) {
            keys = keys();
            WatchOptions.Builder builder = WatchOptions.builder()
                    .previous(random.nextBoolean())
                    .puts(random.nextInt(5) > 0)
                    .deletes(true);
            if (random.nextInt(4) == 0) {
                builder.progressEvery(Duration.ofMillis(20 + random.nextInt(300)));
            }
            if (random.nextBoolean()) {
                builder.executor(Runnable::run);
            }
            long from = random.nextInt(3) == 0 ? 0 : Math.max(1, copy.machine.revision() + 4 - random.nextInt(60));
            options = builder.fromRevision(from).build();
            judge = new WatchJudge(
                    "watch " + readers.size(),
                    keys,
                    options,
                    from == 0 ? copy.machine.revision() + 1 : from,
                    model::events);
            copy.watches.watch(keys, options).subscribe(this);
        }

        private KeyRange keys() {
            KeyRange range = operations.range(1).keys();
            return range.end() != null && range.first().compareTo(range.end()) >= 0
                    ? KeyRange.single(Bytes.utf8("a"))
                    : range;
        }

        void act(WatchedCopy copy) {
            Watch open = watch;
            if (open == null || ended) {
                return;
            }
            switch (random.nextInt(8)) {
                case 0 -> goOnAt(copy);
                case 1 -> open.requestProgress();
                default -> request(open, 1 + random.nextInt(3));
            }
        }

        private void request(Watch open, long more) {
            requested += more;
            open.request(more);
        }

        private void goOnAt(WatchedCopy copy) {
            Watch open = watch;
            if (open != null) {
                open.cancel();
            }
            watch = null;
            requested = 0;
            copy.watches
                    .watch(keys, options.toBuilder().fromRevision(judge.next()).build())
                    .subscribe(new Flow.Subscriber<>() {
                        private @Nullable Watch mine;

                        @Override
                        public void onSubscribe(Flow.Subscription subscription) {
                            mine = (Watch) subscription;
                            if (watch == null) {
                                Reader.this.onSubscribe(subscription);
                            } else {
                                subscription.cancel();
                            }
                        }

                        @Override
                        public void onNext(WatchEvents batch) {
                            if (watch == mine) {
                                Reader.this.onNext(batch);
                            }
                        }

                        @Override
                        public void onError(Throwable failure) {
                            if (watch == mine) {
                                Reader.this.onError(failure);
                            }
                        }

                        @Override
                        public void onComplete() {
                            Reader.this.onComplete();
                        }
                    });
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            watch = (Watch) subscription;
            if (finishing) {
                wantAll();
            }
        }

        @Override
        public void onNext(WatchEvents batch) {
            requested--;
            Violation.unless(requested >= 0, "demand", () -> this + " has not requested " + batch);
            batches++;
            reports += batch.events().isEmpty() ? 1 : 0;
            judge.batch(batch, model.revision());
        }

        @Override
        public void onError(Throwable failure) {
            if (failure instanceof CompactedException gone) {
                judge.compacted(gone.compactRevision(), model.compacted());
                compacted++;
                ended = true;
            } else {
                throw new Violation("end", this + ": " + failure);
            }
        }

        @Override
        public void onComplete() {
            throw new Violation("end", this + " has completed");
        }

        private boolean finishing;

        void wantAll() {
            finishing = true;
            Watch open = watch;
            if (open != null && !ended) {
                request(open, 1 << 20);
                open.requestProgress();
            }
        }

        boolean isDone() {
            return ended || judge.next() > model.revision();
        }

        @Override
        public String toString() {
            return "watch of " + keys + " " + options;
        }
    }
}
