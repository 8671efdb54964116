package io.loggos.benchmarks.system.processes;

import com.sun.management.ThreadMXBean;
import io.loggos.api.node.TimingOptions;
import io.loggos.benchmarks.system.CommandHash;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A process with a node that is to follow. It says {@code ready} once the node is open, answers each question that it
 * reads with a line, and ends when its input does: with the process that has started it, whatever becomes of that.
 */
public final class FollowerMain {
    static final String READY = "ready";
    /** Asks for the count of the commands that it has applied, and their hash. */
    static final String STATE = "state";
    /** Asks for the bytes that its threads have allocated. */
    static final String ALLOCATED = "allocated";

    /** So patient that the node of the other process, which is there first, has time to lead. */
    private static final TimingOptions TIMING = TimingOptions.defaults().toBuilder()
            .electionTimeout(Duration.ofSeconds(10))
            .build();

    private FollowerMain() {}

    /** The position of the node among the addresses, the directory of its data, and all addresses. */
    public static void main(String[] arguments) throws IOException {
        List<String> all = List.of(arguments);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (LoggosNode node = LoggosNode.open(
                Integer.parseInt(all.get(0)), all.subList(2, all.size()), Path.of(all.get(1)), TIMING)) {
            System.out.println(READY);
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                System.out.println(answer(line, node));
            }
        }
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
