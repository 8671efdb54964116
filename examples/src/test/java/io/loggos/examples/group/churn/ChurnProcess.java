package io.loggos.examples.group.churn;

import io.loggos.examples.group.RecordedProcess;
import java.io.IOException;
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
    private final List<RecordedProcess> lives = new ArrayList<>();

    ChurnProcess(int id, List<Integer> ports, Path directory) {
        this.id = id;
        this.ports = ports;
        this.directory = directory;
    }

    int id() {
        return id;
    }

    void start() {
        int life = lives.size();
        Path record = directory.resolve("record-" + id + "-" + life);
        List<String> arguments = new ArrayList<>(List.of(Integer.toString(id), Integer.toString(life)));
        arguments.addAll(List.of(directory.resolve("node-" + id).toString(), record.toString()));
        ports.forEach(port -> arguments.add(port.toString()));
        lives.add(RecordedProcess.start(
                ChurnProgram.class, record, directory.resolve("output-" + id + "-" + life), arguments));
    }

    private RecordedProcess last() {
        return lives.get(lives.size() - 1);
    }

    boolean isUp() {
        return !lives.isEmpty() && last().isUp();
    }

    void tell(String line) {
        last().tell(line);
    }

    /** Kills it, like kill -9. */
    void kill() throws InterruptedException {
        last().kill();
    }

    /** Ends its input, so that it closes its node, and waits for it. */
    void end() throws IOException, InterruptedException {
        last().end();
    }

    String lastOutput() {
        return last().lastOutput();
    }

    List<String> lastLines() {
        return last().lines();
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
        for (RecordedProcess life : lives) {
            life.lines().stream()
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
        lives.forEach(RecordedProcess::close);
    }
}
