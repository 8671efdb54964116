package io.loggos.examples.skip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.examples.cli.Loggos;
import io.loggos.examples.group.RecordedProcess;
import io.loggos.testkit.network.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RULES.md B-11 of paxos, with {@code loggos log skip} and three processes. */
class SkipEndToEndTest {
    private static final int MEMBERS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern HALTED = Pattern.compile("halted: .*threw at slot (\\d+): .*a class is missing");

    @TempDir
    private Path directory;

    private final List<Integer> ports = FreePorts.draw(2 * MEMBERS);
    private final TreeMap<Integer, RecordedProcess> members = new TreeMap<>();

    @AfterEach
    void end() {
        members.values().forEach(RecordedProcess::close);
    }

    private void start(int id) throws IOException {
        Path record = directory.resolve("record-" + id);
        Files.deleteIfExists(record);
        List<String> arguments = new ArrayList<>(List.of(
                Integer.toString(id),
                directory.resolve("node-" + id).toString(),
                record.toString(),
                ports.get(MEMBERS + id - 1).toString()));
        ports.subList(0, MEMBERS).forEach(port -> arguments.add(port.toString()));
        members.put(id, RecordedProcess.start(SkipProgram.class, record, directory.resolve("output-" + id), arguments));
    }

    private void kill(int id) throws InterruptedException {
        members.remove(id).kill();
    }

    private String await(int id, Pattern line) {
        RecordedProcess member = members.get(id);
        return Awaitility.await(line + " at member " + id)
                .atMost(PATIENCE)
                .until(
                        () -> {
                            if (!member.isUp()) {
                                throw new AssertionError("member " + id + " has ended: " + member.lastOutput());
                            }
                            return member.lines().stream()
                                    .filter(each -> line.matcher(each).matches())
                                    .findFirst()
                                    .orElse("");
                        },
                        found -> !found.isEmpty());
    }

    private String awaitHalt(int id) {
        Matcher halted = HALTED.matcher(await(id, HALTED));
        assertTrue(halted.matches());
        return halted.group(1);
    }

    /** Writes at a member until it works: the first writes may come before there is a leader. */
    private void write(int id, String text) {
        members.get(id).tell("write " + text);
        await(id, Pattern.compile("write " + Pattern.quote(text) + ": done"));
    }

    private void assertReads(int id, String text) {
        members.get(id).tell("read " + text);
        await(id, Pattern.compile("read " + Pattern.quote(text) + ": " + Pattern.quote(text)));
    }

    /** Runs the command at a member. An AssertionError has its text if it fails. */
    private void skip(int id, String slot) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "skip", ".out");
        try (RecordedProcess command = RecordedProcess.start(
                Loggos.class,
                output,
                output,
                List.of("log", "skip", "--slot=" + slot, "--endpoints=127.0.0.1:" + ports.get(MEMBERS + id - 1)))) {
            command.end();
            assertEquals("slot " + slot + " is skipped", command.lastOutput().strip());
        }
    }

    @Test
    void commandThatHaltsAllMembersIsSkippedByAll() throws Exception {
        for (int id = 1; id <= MEMBERS; id++) {
            start(id);
        }
        write(1, "a");
        members.get(2).tell("write !");
        String slot = awaitHalt(1);
        for (int id = 1; id <= MEMBERS; id++) {
            assertEquals(slot, awaitHalt(id));
        }
        // It halts again if its disk knows the slot as chosen, and otherwise waits for a leader. It agrees in any case.
        kill(3);
        start(3);
        AssertionError refused = assertThrows(AssertionError.class, () -> skip(1, slot + "1"));
        assertTrue(
                String.valueOf(refused.getMessage()).contains("has halted at slot " + slot + ", not at slot"),
                refused::toString);

        skip(1, slot);
        for (int id = 1; id <= MEMBERS; id++) {
            kill(id);
            start(id);
        }
        write(3, "b");
        for (int id = 1; id <= MEMBERS; id++) {
            assertReads(id, "ab");
        }
        // No member has halted now, and all have applied the first slots.
        refused = assertThrows(AssertionError.class, () -> skip(2, "1"));
        assertTrue(String.valueOf(refused.getMessage()).contains("has not halted at a command"), refused::toString);
    }
}
