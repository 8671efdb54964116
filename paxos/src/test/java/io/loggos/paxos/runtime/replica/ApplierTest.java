package io.loggos.paxos.runtime.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.internal.loop.Agent;
import io.loggos.paxos.runtime.agent.AgentRunner;
import io.loggos.paxos.runtime.agent.LanePool;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Workers that are turned by hand, and a loop that looks at them from within a task. */
class ApplierTest {
    private static final class Seat implements AgentRunner.Seat {
        private Agent agent;

        @Override
        public void run(Agent newAgent, BiConsumer<Agent, Throwable> onDeath) {
            agent = newAgent;
        }

        @Override
        public void wake() {
            // The test turns the workers itself.
        }

        @Override
        public void close() {
            agent = null;
        }
    }

    private final List<Seat> seats = new ArrayList<>(List.of(new Seat()));
    private final Applier applier = new Applier(
            seats.get(0),
            name -> {
                seats.add(new Seat());
                return seats.get(seats.size() - 1);
            },
            () -> {});
    private final List<String> done = new ArrayList<>();
    private final Applier.Lane slow = new Applier.Lane();
    private final Applier.Lane quick = new Applier.Lane();

    private void turn(int worker) {
        seats.get(worker).agent.doWork();
    }

    /** Looks at the workers at two times, between which this lasts in one task. */
    private void looks(long apartNanos) {
        applier.handOver(0);
        applier.handOver(apartNanos);
    }

    @Test
    void aSlowLaneHoldsUpNoOtherAndKeepsItsOrder() {
        applier.start((agent, cause) -> {});
        applier.after(slow, () -> {
            looks(Applier.TAKE_OVER_NANOS);
            assertEquals(2, seats.size(), "the next worker takes over");
            turn(1);
            assertEquals(List.of("quick 1", "quick 2"), done);
            done.add("slow 1");
        });
        applier.after(slow, () -> done.add("slow 2"));
        applier.after(quick, () -> done.add("quick 1"));
        applier.after(quick, () -> done.add("quick 2"));
        turn(0);
        assertEquals(List.of("quick 1", "quick 2", "slow 1", "slow 2"), done);
    }

    /** Commands that are each quick enough are slow together. */
    @Test
    void aLaneOfManyTasksHoldsUpNoOther() {
        applier.start((agent, cause) -> {});
        applier.after(slow, () -> applier.handOver(0));
        applier.after(slow, () -> applier.handOver(Applier.TAKE_OVER_NANOS / 2));
        applier.after(slow, () -> {
            applier.handOver(Applier.TAKE_OVER_NANOS);
            assertEquals(2, seats.size(), "the next worker takes over");
            turn(1);
        });
        applier.after(slow, () -> done.add("slow"));
        applier.after(quick, () -> done.add("quick"));
        turn(0);
        assertEquals(List.of("quick", "slow"), done);
    }

    /** A quiet node has no other turn for as long as a heartbeat. */
    @Test
    void theNextLookComesWhetherOrNotTheLoopHasMoreToDo() {
        applier.start((agent, cause) -> {});
        assertEquals(Long.MAX_VALUE, applier.nextLookNanos());
        applier.after(slow, () -> {
            applier.handOver(7);
            assertEquals(7 + Applier.TAKE_OVER_NANOS, applier.nextLookNanos());
        });
        applier.after(quick, () -> done.add("quick"));
        turn(0);
        assertEquals(List.of("quick"), done);
        applier.handOver(8);
        assertEquals(Long.MAX_VALUE, applier.nextLookNanos());
    }

    /** A worker may not have come to its turn yet, and another one may be held up at once. */
    @Test
    void eachLookIsFollowedByAnother() {
        applier.start((agent, cause) -> {});
        applier.after(quick, () -> {});
        looks(Applier.TAKE_OVER_NANOS);
        assertEquals(1, seats.size(), "no task is slow");
        assertEquals(2 * Applier.TAKE_OVER_NANOS, applier.nextLookNanos());
        applier.after(slow, () -> {
            looks(Applier.TAKE_OVER_NANOS);
            assertEquals(2, seats.size());
            assertEquals(2 * Applier.TAKE_OVER_NANOS, applier.nextLookNanos());
        });
        applier.after(new Applier.Lane(), () -> {});
        turn(0);
    }

    @Test
    void aTaskThatIsNotLongInItsTurnHasNoSecondWorker() {
        applier.start((agent, cause) -> {});
        applier.after(slow, () -> looks(Applier.TAKE_OVER_NANOS - 1));
        applier.after(quick, () -> done.add("quick"));
        turn(0);
        assertEquals(1, seats.size());
        applier.after(slow, () -> looks(Long.MAX_VALUE / 2));
        turn(0);
        assertEquals(1, seats.size(), "nothing waits");
    }

    @Test
    void workersAreBoundedAndUsedAgain() {
        applier.start((agent, cause) -> {});
        blockNext(0);
        turn(0);
        assertEquals(LanePool.MOST_WORKERS, seats.size());
        applier.after(slow, () -> looks(Applier.TAKE_OVER_NANOS));
        applier.after(quick, () -> done.add("quick"));
        turn(seats.size() - 1);
        assertEquals(LanePool.MOST_WORKERS, seats.size(), "one of them is idle");
    }

    /** Blocks a worker in a lane of its own, and then, from there, the one that takes over. */
    private void blockNext(int worker) {
        applier.after(new Applier.Lane(), () -> {
            applier.after(new Applier.Lane(), () -> {});
            looks(Applier.TAKE_OVER_NANOS);
            if (worker + 1 < seats.size()) {
                blockNext(worker + 1);
                turn(worker + 1);
            }
        });
    }

    @Test
    void theEndComesBehindAllLanesAndDropsWhatIsQueued() {
        applier.start((agent, cause) -> {});
        List<Applier.Lane> lanes =
                IntStream.range(0, 3).mapToObj(i -> new Applier.Lane()).toList();
        lanes.forEach(lane -> applier.after(lane, () -> done.add("task")));
        applier.afterAll(() -> done.add("all"));
        turn(0);
        assertEquals(List.of("task", "task", "task", "all"), done);
        applier.after(slow, () -> done.add("dropped"));
        applier.close();
        assertEquals("dropped", done.get(4));
        applier.after(quick, () -> done.add("late"));
        assertEquals("late", done.get(5));
    }
}
