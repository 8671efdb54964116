package io.loggos.testkit.sim;

import io.loggos.testkit.Violation;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;

/**
 * Runs a simulation seed by seed. A run is a function of its seed, so one that fails is run once more with a trace. The
 * exception carries the seed, the settings and the last lines of the trace. Ranges of seeds run on all processors ({@link
 * SeedRange}).
 *
 * <p>System property {@code sim.seed} runs one seed alone, and {@code sim.trace=full} prints the trace of each run. Property
 * {@code sim.seeds} sets the number of fresh seeds, and {@code sim.first} the first of them.
 *
 * @param settings draws the settings of a run
 * @param world makes the world of a run; everything in it is drawn from {@code random}
 * @param course runs a world to its end and throws a {@link Violation} if a predicate does not hold
 */
public record Seeds<S, W extends Simulation>(
        Settings<S> settings, World<S, W> world, BiConsumer<W, SplittableRandom> course) {
    /** Source of the settings of runs. */
    public interface Settings<S> {
        S draw(long seed, SplittableRandom random);
    }

    /** Maker of worlds. */
    public interface World<S, W> {
        W of(S settings, SplittableRandom random, boolean tracing);
    }

    /**
     * Runs one seed.
     *
     * @throws Violation if a predicate does not hold, or the run throws something else
     */
    public Outcome run(long seed) {
        return run(seed, System.getProperty("sim.trace") != null);
    }

    private Outcome run(long seed, boolean tracing) {
        SplittableRandom random = new SplittableRandom(seed);
        S drawn = settings.draw(seed, random);
        W made = world.of(drawn, random.split(), tracing);
        try {
            course.accept(made, random);
        } catch (RuntimeException e) {
            if (!tracing) {
                run(seed, true);
            }
            throw report(seed, drawn, made, e);
        }
        return new Outcome(1, made.events(), made.journal.counts());
    }

    private static Violation report(long seed, Object settings, Simulation made, RuntimeException failure) {
        String predicate = failure instanceof Violation violation ? violation.predicate() : "exception";
        String text = "seed " + seed + ", event " + made.events() + ", " + settings + "\n"
                + String.join("\n", made.journal.lastLines()) + "\n" + failure.getMessage() + "\nreplay: -Dsim.seed="
                + seed + " -Dsim.trace=full";
        Violation report = new Violation(predicate, text);
        report.initCause(failure);
        return report;
    }

    /** Runs seeds from 0 on, or only {@code sim.seed}: then there is no outcome to judge. */
    public Optional<Outcome> fixed(int count) {
        Long one = Long.getLong("sim.seed");
        if (one != null) {
            System.out.println("seed " + one + ": " + run(one));
            return Optional.empty();
        }
        return Optional.of(run("fixed", 0, count));
    }

    /** Runs seeds that differ from one execution to the next, unless {@code sim.seed} is given. */
    public Optional<Outcome> fresh(int usualCount) {
        if (Long.getLong("sim.seed") != null) {
            return Optional.empty();
        }
        long first = Long.getLong("sim.first", new SecureRandom().nextLong() & 0x7FFF_FFFF_FFFFL);
        return Optional.of(run("fresh", first, Integer.getInteger("sim.seeds", usualCount)));
    }

    private Outcome run(String name, long first, int count) {
        System.out.println(name + " seeds " + first + " to " + (first + count - 1));
        long begin = System.nanoTime();
        AtomicReference<Outcome> sum = new AtomicReference<>(Outcome.NONE);
        Map.Entry<Long, Throwable> failed =
                new SeedRange(first, count).runOnAll(seed -> sum.accumulateAndGet(run(seed), Outcome::plus));
        if (failed != null) {
            throw thrown(failed.getValue());
        }
        Outcome all = sum.get();
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(Locale.ROOT, "%s: %d seeds, %.1f/s, %d events%n", name, count, count / seconds, all.events());
        all.counts().forEach((event, times) -> System.out.printf(Locale.ROOT, "%12d %s%n", times, event));
        return all;
    }

    /**
     * Runs seeds that are expected to fail, until one does; there is no second run for a report.
     *
     * @return the predicate that does not hold and the seed, or an empty text
     */
    public String firstViolation(long first, int count) {
        Map.Entry<Long, Throwable> failed = new SeedRange(first, count).runInOrder(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            S drawn = settings.draw(seed, random);
            course.accept(world.of(drawn, random.split(), false), random);
        });
        if (failed == null) {
            return "";
        }
        RuntimeException failure = thrown(failed.getValue());
        String what = failure instanceof Violation violation ? violation.predicate() : failure.toString();
        return what + " at seed " + failed.getKey();
    }

    /** Returns the exception of a run, to be thrown on the thread of the test. */
    private static RuntimeException thrown(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return (RuntimeException) failure;
    }
}
