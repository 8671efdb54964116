package io.loggos.benchmarks.harness.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How to start another Java process of what this one runs. */
public final class JavaProcess {
    private JavaProcess() {}

    /** The command that starts this class, on the same Java and class path as this process. */
    public static List<String> command(List<String> options, String mainClass) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        return command;
    }
}
