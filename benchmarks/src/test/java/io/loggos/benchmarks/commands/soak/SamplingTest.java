package io.loggos.benchmarks.commands.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The number of samples of a soak. */
class SamplingTest {
    private final List<Integer> samples = new CopyOnWriteArrayList<>();

    @Test
    void eachSampleIsTakenTheLastOneToo() {
        Sampling sampling = Sampling.begin(5, Duration.ofMillis(1), () -> samples.add(samples.size()));
        sampling.check();
        assertTrue(sampling.isOver());
        assertEquals(List.of(0, 1, 2, 3, 4), samples);
    }

    @Test
    void aSampleThatFailsEndsIt() {
        IllegalStateException failure = new IllegalStateException("no disk");
        Sampling sampling = Sampling.begin(5, Duration.ofMillis(1), () -> {
            samples.add(1);
            throw failure;
        });
        CompletionException thrown = assertThrows(CompletionException.class, sampling::check);
        assertSame(failure, thrown.getCause());
        assertEquals(1, samples.size());
    }
}
