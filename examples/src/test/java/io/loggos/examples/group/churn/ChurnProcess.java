package io.loggos.examples.group.churn;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The processes of one node, one life after the other, and what they have recorded. */
final class ChurnProcess implements AutoCloseable {
    private final int id;
    private final List<Integer> ports;
    private final Path directory;
    private final List<Process> lives = new ArrayList<>();

    ChurnProcess(int id, List<Integer> ports, Path directory) {
        this.id = id;
        this.ports = ports;
        this.directory = directory;
    }

    int id() {
        return id;
    }

    void start() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 24) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ChurnProgram.class.getName()));
        command.addAll(List.of(Integer.toString(id), Integer.toString(lives.size())));
        command.addAll(List.of(
                directory.resolve("node-" + id).toString(), record(lives.size()).toString()));
        ports.forEach(port -> command.add(port.toString()));
        try {
            lives.add(new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output(lives.size()).toFile())
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path record(int life) {
        return directory.resolve("record-" + id + "-" + life);
    }

    private Path output(int life) {
        return directory.resolve("output-" + id + "-" + life);
    }

    private Process last() {
        return lives.get(lives.size() - 1);
    }

    boolean isUp() {
        return !lives.isEmpty() && last().isAlive();
    }

    void tell(String line) {
        try {
            OutputStream input = last().getOutputStream();
            input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("node " + id + " has ended: " + lastOutput(), e);
        }
    }

    /** Kills it, like kill -9. */
    void kill() throws InterruptedException {
        last().destroyForcibly().waitFor();
    }

    /** Ends its input, so that it closes its node, and waits for it. */
    void end() throws IOException, InterruptedException {
        last().getOutputStream().close();
        int code = last().waitFor();
        if (code != 0) {
            throw new AssertionError("node " + id + " ended with " + code + ": " + lastOutput());
        }
    }

    String lastOutput() {
        try {
            String text = Files.readString(output(lives.size() - 1));
            return text.substring(Math.max(0, text.length() - 4_000));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Returns the lines that a life has recorded up to now. An unfinished line is left out. */
    private List<String> lines(int life) {
        try {
            String text = Files.exists(record(life)) ? Files.readString(record(life)) : "";
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> lastLines() {
        return lines(lives.size() - 1);
    }

    /** Returns the view of each group that this node is in; empty text while it is in none. */
    SortedMap<String, String> views() {
        TreeMap<String, String> views = new TreeMap<>();
        for (String line : lastLines()) {
            String[] words = line.split(" ", 3);
            switch (words[0]) {
                case "view" -> views.put(words[1], words[2]);
                case "joining", "evicted" -> views.put(words[1], "");
                case "left" -> views.remove(words[1]);
                default -> {}
            }
        }
        return views;
    }

    /** Returns the number of stable messages of the present life in a group. */
    long stable(String group) {
        return lastLines().stream()
                .filter(line -> line.startsWith("stable " + group + " "))
                .count();
    }

    /** Returns the messages of a group that any life of this node has called stable. */
    Collection<String> allStable(String group) {
        TreeSet<String> stable = new TreeSet<>();
        String start = "stable " + group + " ";
        for (int life = 0; life < lives.size(); life++) {
            lines(life).stream()
                    .filter(line -> line.startsWith(start))
                    .map(line -> line.substring(start.length()))
                    .forEach(stable::add);
        }
        return stable;
    }

    /** Returns the last recorded state of a group. */
    List<String> state(String group) {
        String start = "state " + group + " ";
        return lastLines().stream()
                .filter(line -> line.startsWith(start))
                .reduce((before, after) -> after)
                .map(line -> List.of(line.substring(start.length()).split(",", -1)))
                .orElse(List.of());
    }

    @Override
    public void close() {
        for (Process life : lives) {
            life.destroyForcibly().onExit().join();
        }
    }
}
