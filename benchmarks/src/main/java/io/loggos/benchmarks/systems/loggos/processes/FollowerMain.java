package io.loggos.benchmarks.systems.loggos.processes;

import com.sun.management.ThreadMXBean;
import io.loggos.api.node.TimingOptions;
import io.loggos.benchmarks.harness.machine.Addresses;
import io.loggos.benchmarks.harness.process.Forker;
import io.loggos.benchmarks.systems.consensus.CommandHash;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;

/**
 * Program of {@link ForkedFollower}. It says {@link #READY} once its node is open, then answers each question with a
 * line.
 */
public final class FollowerMain {
    static final String READY = "ready";
    /** Asks for the count of the commands that were applied, and their hash. */
    static final String STATE = "state";
    /** Asks for the bytes that the threads have allocated. */
    static final String ALLOCATED = "allocated";
    /** Closes the node and ends the program; answered with the same word. */
    static final String CLOSE = "close";

    /** Election timeout that is so long that the leader's node, which is there first, wins the election. */
    private static final TimingOptions TIMING = TimingOptions.defaults().toBuilder()
            .electionTimeout(Duration.ofSeconds(10))
            .build();

    private FollowerMain() {}

    /** Takes the number of the node among the addresses, their directory, and their ports. */
    public static void main(String[] arguments) {
        Forker.run(forker -> {
            Addresses addresses = Addresses.parse(Path.of(arguments[1]), arguments[2]);
            try (LoggosNode node = LoggosNode.open(Integer.parseInt(arguments[0]), addresses, TIMING)) {
                forker.say(READY);
                for (String question = forker.next(); !question.equals(CLOSE); question = forker.next()) {
                    forker.say(answer(question, node));
                }
            }
            forker.say(CLOSE);
        });
    }

    private static String answer(String question, LoggosNode node) {
        return switch (question) {
            case STATE -> {
                CommandHash.Value value = node.value();
                yield value.commands() + " " + value.hash();
            }
            case ALLOCATED -> Long.toString(allocatedBytes());
            default -> throw new IllegalArgumentException(question);
        };
    }

    private static long allocatedBytes() {
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        return LongStream.of(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }
}
