package io.loggos.examples.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** An unpacked distribution, whose commands run as a user who may write nowhere but in one directory. */
final class Installation {
    private static final long END_SECONDS = 60;
    /** The user and group "nobody". */
    private static final String NOBODY = "65534";

    /** The unpacked distribution. */
    final Path home;
    /** A directory in which that user may write. */
    final Path writable;

    private Installation(Path home, Path writable) {
        this.home = home;
        this.writable = writable;
    }

    /** True if the archive was made, and this machine can unpack it and change the user. */
    static boolean isPossible() {
        return System.getProperty("distribution.archive") != null
                && hasCommand("tar")
                && (!isRoot() || hasCommand("setpriv"));
    }

    /** Unpacks the archive that Maven has made. */
    static Installation in(Path directory) throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path home = Files.createDirectory(directory.resolve("loggos"));
        Path archive = Path.of(System.getProperty("distribution.archive"));
        Process tar = new ProcessBuilder(
                        "tar", "-xzf", archive.toString(), "--strip-components=1", "-C", home.toString())
                .inheritIO()
                .start();
        assertEquals(0, tar.waitFor());
        Path writable = Files.createDirectory(directory.resolve("writable"));
        Files.setPosixFilePermissions(writable, PosixFilePermissions.fromString("rwxrwxrwx"));
        return new Installation(home, writable);
    }

    static boolean hasCommand(String name) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }

    static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** Prepares a command of that user, in the writable directory. Nothing of this process's environment is left. */
    ProcessBuilder command(Map<String, String> environment, List<String> command) {
        List<String> all = new ArrayList<>();
        if (isRoot()) {
            all.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
        }
        all.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(all).directory(writable.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/local/bin:/usr/bin:/bin");
        builder.environment().putAll(environment);
        return builder;
    }

    /** The environment that names the Java of this test. */
    static Map<String, String> thisJava() {
        return Map.of("JAVA_HOME", System.getProperty("java.home"));
    }

    /** An ended command. */
    record Ended(int code, String output, String errors) {}

    Ended run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(writable, "command", ".out");
        Path errors = Files.createTempFile(writable, "command", ".err");
        Process process = command(environment, List.of(command))
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(List.of(command) + " does not end: " + Files.readString(errors));
        }
        return new Ended(process.exitValue(), Files.readString(output), Files.readString(errors));
    }
}
