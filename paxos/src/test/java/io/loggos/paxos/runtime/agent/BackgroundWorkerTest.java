package io.loggos.paxos.runtime.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A task that fails ends neither the agent nor the tasks behind it, because a peer may have caused it. */
class BackgroundWorkerTest {
    private final BackgroundWorker worker = new BackgroundWorker("test", () -> {});
    private final List<String> done = new ArrayList<>();

    @Test
    void taskThatThrowsDoesNotStopTheNextOne() {
        worker.execute(() -> {
            throw new IllegalStateException("thrown by the test");
        });
        worker.execute(() -> done.add("second"));
        while (worker.doWork() > 0) {
            // There is more to do.
        }
        assertEquals(List.of("second"), done);
    }

    /** An error means that nothing of the node can be trusted. */
    @Test
    void errorEndsTheAgent() {
        worker.execute(() -> {
            throw new AssertionError("thrown by the test");
        });
        assertThrows(AssertionError.class, worker::doWork);
    }
}
