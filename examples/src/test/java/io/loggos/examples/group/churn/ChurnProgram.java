package io.loggos.examples.group.churn;

import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import io.loggos.api.node.TimingOptions;
import java.io.BufferedReader;
import java.io.FileWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A node that joins and leaves groups as its input says, and multicasts in those that it is in. It records its views, its
 * messages that are stable, and its states when asked. It closes at the end of its input.
 *
 * <p>Input: {@code join GROUP}, {@code leave GROUP}, {@code pause MILLIS}, {@code stop} (multicast no more), {@code dump
 * NUMBER} (record the states).
 */
final class ChurnProgram {
    /** Long enough that a busy machine does not make a node suspect another one. */
    private static final Duration ELECTION_TIMEOUT = Duration.ofSeconds(2);

    private final Node node;
    private final String life;
    private final Writer record;
    private final TreeMap<String, ChurnMember> members = new TreeMap<>();
    private final List<ChurnMember> all = new ArrayList<>();

    private ChurnProgram(Node node, String life, Writer record) {
        this.node = node;
        this.life = life;
        this.record = record;
    }

    /** Takes id, life, data directory, record file, and the ports of all nodes. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int id = Integer.parseInt(arguments[0]);
        List<String> ports = List.of(arguments).subList(4, arguments.length);
        NodeBuilder builder = Node.builder()
                .clusterId("churn")
                .id(id)
                .listen("127.0.0.1:" + ports.get(id - 1))
                .timing(TimingOptions.ofElectionTimeout(ELECTION_TIMEOUT))
                .dataDirectory(Path.of(arguments[2]));
        for (int peer = 1; peer <= ports.size(); peer++) {
            if (peer != id) {
                builder.peer(peer, "127.0.0.1:" + ports.get(peer - 1));
            }
        }
        try (Writer record = new FileWriter(arguments[3], StandardCharsets.UTF_8);
                Node node = builder.open();
                BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            ChurnProgram program = new ChurnProgram(node, id + "." + arguments[1], record);
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                program.run(line.split(" ", 2));
            }
        }
    }

    private void run(String[] words) throws InterruptedException {
        switch (words[0]) {
            case "join" -> {
                if (!members.containsKey(words[1])) {
                    ChurnMember member = new ChurnMember(node, words[1], life + "." + all.size(), this::write);
                    members.put(words[1], member);
                    all.add(member);
                }
            }
            case "leave" -> {
                ChurnMember member = members.remove(words[1]);
                if (member != null) {
                    member.leave();
                }
            }
            case "pause" -> Thread.sleep(Long.parseLong(words[1]));
            case "stop" -> {
                for (ChurnMember member : members.values()) {
                    member.stop();
                }
                write("quiet");
            }
            case "dump" -> {
                members.values().forEach(ChurnMember::dump);
                write("dumped " + words[1]);
            }
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    /** Writes a line at once, since this process may be killed at any time. Several threads call it. */
    private synchronized void write(String line) {
        try {
            record.write(line + "\n");
            record.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
