package io.loggos.paxos.runtime.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The end of an owner waits for its own task that runs, drops those that have not begun, and delays no other owner. */
class OwnTasksTest {
    private final BackgroundWorker worker = new BackgroundWorker("test", () -> {});
    private final OwnTasks tasks = new OwnTasks(worker);
    private final OwnTasks others = new OwnTasks(worker);
    private final List<String> events = new ArrayList<>();

    private Runnable note(String event) {
        return () -> events.add(event);
    }

    private void work() {
        while (worker.nextWorkNanos() == Long.MIN_VALUE) {
            assertEquals(1, worker.doWork());
        }
    }

    @Test
    void tasksRunInOrder() {
        tasks.execute(note("first"));
        others.execute(note("other"));
        tasks.execute(note("second"));
        work();
        assertEquals(List.of("first", "other", "second"), events);
    }

    @Test
    void closeDropsWhatHasNotBegun() {
        others.execute(note("other"));
        tasks.execute(note("task"), note("dropped"));
        tasks.close(note("ended"));
        assertEquals(List.of("dropped", "ended"), events);
        tasks.execute(note("late"), note("dropped late"));
        work();
        assertEquals(List.of("dropped", "ended", "dropped late", "other"), events);
    }

    @Test
    void closeWaitsForTheTaskThatRuns() {
        tasks.execute(() -> {
            tasks.execute(note("next"), note("dropped"));
            tasks.close(note("ended"));
            events.add("runs");
        });
        work();
        assertEquals(List.of("runs", "dropped", "ended"), events);
    }

    @Test
    void taskThatThrowsEndsToo() {
        tasks.execute(() -> {
            tasks.close(note("ended"));
            throw new IllegalStateException("broken");
        });
        work();
        assertEquals(List.of("ended"), events);
        assertThrows(IllegalStateException.class, () -> tasks.close(note("again")));
    }
}
