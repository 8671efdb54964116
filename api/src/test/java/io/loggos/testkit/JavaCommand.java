package io.loggos.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The begin of a command that starts Java as a process: the Java of this process, and its locale. */
public final class JavaCommand {
    private JavaCommand() {}

    /** Returns a new list with the program and its options. The class path and the main class are to follow. */
    public static List<String> with(String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(locale());
        if (Runtime.version().feature() >= 24) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        command.addAll(List.of(options));
        return command;
    }

    /** Returns the option that gives a process the locale of this one. */
    public static String locale() {
        return "-Duser.language=" + System.getProperty("user.language");
    }
}
