package io.loggos.paxos.disk;

import io.loggos.api.RequestId;
import io.loggos.testkit.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A {@link DiskProgram} in a process of its own, with a small heap. It ends when the heap is full. */
final class DiskProcess implements AutoCloseable {
    static final int HEAP_MIB = 96;

    private final Process process;
    private final Writer input;
    private final BufferedReader output;
    private final Path errors;

    private DiskProcess(Process process, Path errors) {
        this.process = process;
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.errors = errors;
    }

    static DiskProcess start(int id, List<Integer> ports, Path directory) throws IOException {
        List<String> command =
                JavaCommand.with("-Xmx" + HEAP_MIB + "m", "-XX:+ExitOnOutOfMemoryError", "-XX:+UseSerialGC");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), DiskProgram.class.getName()));
        command.addAll(
                List.of(Integer.toString(id), directory.resolve("node-" + id).toString()));
        ports.forEach(port -> command.add(port.toString()));
        Path errors = directory.resolve("errors-" + id);
        return new DiskProcess(
                new ProcessBuilder(command).redirectError(errors.toFile()).start(), errors);
    }

    /** Makes each write take so many times its time; {@link LateLog#HANGS} lets it hang. */
    Status disk(int factor) {
        return ask("disk " + factor);
    }

    /** Keeps so many commands of this node under way. */
    Status load(int commands) {
        return ask("load " + commands);
    }

    Status status() {
        return ask("status");
    }

    /** Proposes a command with an id, and waits for its end. */
    Status request(RequestId id) {
        return ask("request " + id);
    }

    /** Asks what came of the command with an id. */
    Status outcome(RequestId id) {
        return ask("outcome " + id);
    }

    /** Proposes a command with an id. The process is killed before it can know the outcome, or just after. */
    void requestAndDie(RequestId id) {
        tell("request " + id);
        close();
    }

    private void tell(String line) {
        try {
            input.write(line + "\n");
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Status ask(String line) {
        try {
            tell(line);
            String answer = output.readLine();
            if (answer != null) {
                return Status.of(answer);
            }
            throw new AssertionError("the process has ended: " + Files.readString(errors));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    /** The numbers that a process gives of itself. */
    record Status(Map<String, Long> numbers) {
        static Status of(String line) {
            Map<String, Long> numbers = new HashMap<>();
            for (String each : line.split(" ", -1)) {
                int sign = each.indexOf('=');
                numbers.put(each.substring(0, sign), Long.parseLong(each.substring(sign + 1)));
            }
            return new Status(numbers);
        }

        boolean has(Number number) {
            return numbers.containsKey(number.word);
        }

        boolean leads() {
            return of(Number.LEADS) == 1;
        }

        long of(Number number) {
            return numbers.get(number.word);
        }
    }

    /** The numbers of a status. */
    enum Number {
        LEADS("leads"),
        CHOSEN("chosen"),
        APPLIED("applied"),
        ANSWERED("answered"),
        FAILED("failed"),
        QUEUE("queue"),
        OLD("old"),
        SLOT("slot"),
        COUNT("count");

        private final String word;

        Number(String word) {
            this.word = word;
        }
    }
}
