package io.loggos.paxos.runtime.agent;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.node.UserCodeOptions;
import io.loggos.api.spi.Clock;
import io.loggos.api.spi.SystemClock;
import io.loggos.internal.loop.Agent;
import io.loggos.internal.loop.Waker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The threads that run an agent: one at a time, and no wake-up is lost. */
@Timeout(60)
class ThreadRunnerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final AtomicReference<@Nullable Throwable> death = new AtomicReference<>();
    private final Clock clock = new SystemClock();
    private final ThreadRunner threads = new ThreadRunner("test", clock, UserCodeOptions.defaults());

    private Waker seat(Agent agent) {
        AgentRunner.Seat seat = threads.seat(agent.name(), AgentRunner.Kind.NODE);
        seat.run(agent, (dead, cause) -> death.set(cause));
        return seat;
    }

    @AfterEach
    void stop() {
        threads.stop(false, () -> {});
    }

    /** Adds up its input, and notices a second thread. */
    private static class Adder implements Agent {
        final ConcurrentLinkedQueue<Integer> given = new ConcurrentLinkedQueue<>();
        final AtomicInteger turning = new AtomicInteger();
        volatile boolean company;
        volatile int sum;
        /** Owned by the running thread. */
        private int added;

        volatile long due = Long.MAX_VALUE;
        volatile @Nullable Thread turner;

        @Override
        public String name() {
            return "adder";
        }

        @Override
        public int doWork() {
            company |= turning.incrementAndGet() != 1;
            turner = Thread.currentThread();
            int done = 0;
            for (Integer next = given.poll(); next != null; next = given.poll()) {
                added += next;
                done++;
            }
            sum = added;
            turning.decrementAndGet();
            return done;
        }

        @Override
        public long nextWorkNanos() {
            return given.isEmpty() ? due : Long.MIN_VALUE;
        }
    }

    @Test
    void theWakerIsThereBeforeTheAgent() {
        AgentRunner.Seat seat = threads.seat("adder", AgentRunner.Kind.NODE);
        seat.wake();
        seat.turn();
        Adder adder = new Adder();
        adder.given.add(7);
        seat.run(adder, (dead, cause) -> death.set(cause));
        await().atMost(PATIENCE).until(() -> adder.sum == 7);
        assertThrows(IllegalStateException.class, () -> seat.run(adder, (dead, cause) -> {}));
    }

    /** The application may add a listener while its node closes. */
    @Test
    void aSeatThatComesLateLeavesNoThread() {
        threads.stop(false, () -> {});
        seat(new Adder());
        await().atMost(PATIENCE)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("test-adder")));
    }

    @Test
    void nothingIsLeftAndNobodyTurnsBesideAnother() throws InterruptedException {
        Adder adder = new Adder();
        Waker waker = seat(adder);
        List<Thread> givers = new ArrayList<>();
        int each = 20_000;
        for (int i = 0; i < 4; i++) {
            boolean turns = i % 2 == 0;
            Thread giver = new Thread(() -> {
                for (int n = 0; n < each; n++) {
                    adder.given.add(1);
                    if (turns) {
                        waker.turn();
                    } else {
                        waker.wake();
                    }
                }
            });
            givers.add(giver);
            giver.start();
        }
        for (Thread giver : givers) {
            giver.join();
        }
        await().pollInSameThread().atMost(PATIENCE).until(() -> adder.sum == 4 * each);
        assertFalse(adder.company);
    }

    /** No wait of an interrupted thread lasts, so an idle one would spin. */
    @Test
    void interruptFlagThatAnAgentLeavesIsCleared() {
        Adder adder = new Adder() {
            @Override
            public int doWork() {
                Thread.currentThread().interrupt();
                return super.doWork();
            }
        };
        Waker waker = seat(adder);
        adder.given.add(1);
        waker.wake();
        await().pollInSameThread().atMost(PATIENCE).until(() -> adder.sum == 1);
        Thread turner = Objects.requireNonNull(adder.turner);
        await().pollInSameThread()
                .atMost(PATIENCE)
                .until(() -> turner.getState() == Thread.State.WAITING && !turner.isInterrupted());
    }

    /** The thread that brings an event may run an idle agent. */
    @Test
    void whoBringsAnEventMayTurn() {
        Adder adder = new Adder();
        Waker waker = seat(adder);
        await().pollInSameThread().atMost(PATIENCE).until(() -> {
            adder.given.add(1);
            waker.turn();
            return adder.turner == Thread.currentThread();
        });
        assertSame(Thread.currentThread(), adder.turner);
    }

    /** The agent's thread observes a timer that another thread's turn has set. */
    @Test
    void aTimeThatAnotherThreadSetsIsKept() {
        Adder adder = new Adder();
        Waker waker = seat(adder);
        await().pollInSameThread().atMost(PATIENCE).until(() -> {
            waker.turn();
            return adder.turner == Thread.currentThread();
        });
        adder.due = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(20);
        waker.turn();
        await().pollInSameThread().atMost(PATIENCE).until(() -> {
            Thread last = adder.turner;
            return last != null && last.getName().equals("test-adder");
        });
    }

    @Test
    void anAgentThatThrowsIsNotTurnedAgain() {
        AtomicInteger turns = new AtomicInteger();
        Waker waker = seat(new Agent() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public int doWork() {
                turns.incrementAndGet();
                throw new IllegalStateException("broken");
            }

            @Override
            public long nextWorkNanos() {
                return Long.MAX_VALUE;
            }
        });
        await().pollInSameThread().atMost(PATIENCE).until(() -> death.get() != null);
        waker.turn();
        waker.wake();
        threads.stop(false, () -> {});
        assertNotNull(death.get());
        assertEquals(1, turns.get());
    }

    @Test
    void stopReturnsWithoutCodeThatDoesNotAndKeepsWhatItUses() throws InterruptedException {
        ThreadRunner runner = new ThreadRunner(
                "left",
                clock,
                UserCodeOptions.builder().closeTimeout(Duration.ofMillis(1)).build());
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        AgentRunner.Seat seat = runner.seat("blocked", AgentRunner.Kind.APPLICATION);
        seat.run(
                new Agent() {
                    @Override
                    public String name() {
                        return "blocked";
                    }

                    @Override
                    public int doWork() {
                        begun.countDown();
                        while (true) {
                            try {
                                goesOn.await();
                                return 0;
                            } catch (InterruptedException e) {
                                // As code that does not heed it.
                            }
                        }
                    }

                    @Override
                    public long nextWorkNanos() {
                        return Long.MAX_VALUE;
                    }
                },
                (dead, cause) -> death.set(cause));
        assertTrue(begun.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));

        runner.stop(true, () -> ended.set(true));

        assertFalse(ended.get());
        goesOn.countDown();
        await().atMost(PATIENCE).untilTrue(ended);
    }
}
