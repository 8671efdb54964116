package io.loggos.examples.cli.etcdctl;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real etcdctl with one cluster. */
public final class Etcdctl {
    private final Path directory;
    private final List<String> endpoints;
    private final long patienceSeconds;

    /**
     * Creates a client.
     *
     * @param directory for its outputs
     * @param endpoints addresses of the members, as host:port
     */
    Etcdctl(Path directory, List<String> endpoints, long patienceSeconds) {
        this.directory = directory;
        this.endpoints = endpoints;
        this.patienceSeconds = patienceSeconds;
    }

    /** Tells if it can be run here. */
    public static boolean isInstalled() {
        try {
            Process version = new ProcessBuilder("etcdctl", "version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return version.onExit().join().exitValue() == 0;
        } catch (IOException notThere) {
            return false;
        }
    }

    List<String> endpoints() {
        return endpoints;
    }

    Path directory() {
        return directory;
    }

    /** Runs a command to its end. Returns its exit code, what it prints, and its last line on stderr. */
    String run(String... arguments) throws Exception {
        return runWith("", arguments);
    }

    /** Runs a command with an input. */
    String runWith(String input, String... arguments) throws Exception {
        Path out = Files.createTempFile(directory, "etcdctl", ".out");
        Path err = Files.createTempFile(directory, "etcdctl", ".err");
        Process process = builder(arguments)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException endedBefore) {
            // It needs no input.
        }
        if (!process.waitFor(patienceSeconds, TimeUnit.SECONDS)) {
            process.destroyForcibly().onExit().join();
            return "no end within " + patienceSeconds + " s";
        }
        List<String> errors = Files.readString(err).strip().lines().toList();
        String last = errors.isEmpty() ? "" : errors.get(errors.size() - 1);
        return "exit " + process.exitValue() + "\n" + Files.readString(out)
                + (last.startsWith("{") || last.isEmpty() ? "" : "stderr: " + last + "\n");
    }

    /** Runs a command that must succeed, and returns what it prints. */
    String succeed(String... arguments) throws Exception {
        String ran = run(arguments);
        assertTrue(ran.startsWith("exit 0\n"), () -> List.of(arguments) + ": " + ran);
        return ran.substring("exit 0\n".length());
    }

    /** Starts a command that goes on. Its output goes to a file. */
    Process start(Path out, String... arguments) throws IOException {
        return builder(arguments)
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private ProcessBuilder builder(String... arguments) {
        List<String> command = new ArrayList<>(List.of("etcdctl"));
        if (List.of(arguments).stream().noneMatch(each -> each.startsWith("--endpoints"))) {
            command.add("--endpoints=" + String.join(",", endpoints));
        }
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("ETCDCTL_API", "3");
        return builder;
    }
}
