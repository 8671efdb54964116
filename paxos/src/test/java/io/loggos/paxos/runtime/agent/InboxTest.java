package io.loggos.paxos.runtime.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.loggos.internal.loop.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every event is run or dropped, once, whenever the inbox is closed. */
@Timeout(60)
class InboxTest {
    private static final int THREADS = 4;
    private static final int EVENTS_EACH = 20_000;

    private final Inbox inbox = new Inbox();
    private final List<String> done = new ArrayList<>();

    private EventLoop.Step step(String name) {
        EventLoop.Step step = now -> done.add(name + " ran");
        return step.orElse(() -> done.add(name + " dropped"));
    }

    @Test
    void eventsComeInTheirOrder() {
        inbox.add(step("a"));
        inbox.add(step("b"));
        run(inbox.poll());
        inbox.add(step("c"));
        run(inbox.poll());
        run(inbox.poll());
        assertNull(inbox.poll());
        assertEquals(List.of("a ran", "b ran", "c ran"), done);
    }

    @Test
    void closedInboxDropsWhatWaitsAndWhatComes() {
        inbox.add(step("a"));
        inbox.add(step("b"));
        run(inbox.poll());
        inbox.add(step("c"));
        inbox.close();
        inbox.add(step("d"));
        assertNull(inbox.poll());
        assertEquals(List.of("a ran", "b dropped", "c dropped", "d dropped"), done);
    }

    @Test
    void eachEventEndsOnceWhileManyAdd() throws InterruptedException {
        AtomicInteger ended = new AtomicInteger();
        List<Thread> adders = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Thread adder = new Thread(() -> {
                for (int event = 0; event < EVENTS_EACH; event++) {
                    EventLoop.Step step = now -> ended.incrementAndGet();
                    inbox.add(step.orElse(ended::incrementAndGet));
                }
            });
            adders.add(adder);
            adder.start();
        }
        while (ended.get() < EVENTS_EACH) {
            Inbox.Event event = inbox.poll();
            if (event != null) {
                event.at(0);
            }
        }
        inbox.close();
        for (Thread adder : adders) {
            adder.join();
        }
        assertEquals(THREADS * EVENTS_EACH, ended.get());
    }

    private static void run(Inbox.Event event) {
        event.at(0);
    }
}
