package io.loggos.examples;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.Ordering;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Causal order: three people, each on a node in this JVM, talk about two subjects at the same time. Nobody sees an
 * answer before the line that it answers. Lines that do not depend on each other may be seen in different orders, and
 * do not wait for each other.
 */
public final class ChatExample {
    private static final List<String> NAMES = List.of("alice", "bob", "carol");
    private static final String CAKE = "alice: Who brings the cake?";
    private static final String TEA = "carol: And who brings the tea?";

    /** The answers: each line has at most one answer, by one person. */
    private static final Map<String, String> ANSWERS = Map.of(
            CAKE,
            "bob: I bring the cake.",
            "bob: I bring the cake.",
            "carol: Then I bring the plates.",
            "carol: Then I bring the plates.",
            "alice: And I bring the forks.",
            TEA,
            "alice: I bring the tea.",
            "alice: I bring the tea.",
            "bob: Then I bring the cups.");

    private static final int LINES = 2 + ANSWERS.size();

    /** One person: records the lines and answers them. */
    private static final class Person implements GroupListener, AutoCloseable {
        private final String name;
        private final Node node;
        private final Group chat;
        private final List<String> heard = new ArrayList<>();
        private final CountDownLatch allIsSaid = new CountDownLatch(LINES);

        Person(String name, Node node) {
            this.name = name;
            this.node = node;
            this.chat = node.join("chat", Ordering.CAUSAL, this);
        }

        void say(String line) {
            chat.multicast(Bytes.utf8(line));
        }

        /** Also receives the member's own lines. */
        @Override
        public void onMessage(NodeId from, Bytes message) {
            String line = message.toUtf8();
            heard.add(line);
            String answer = ANSWERS.getOrDefault(line, "");
            if (answer.startsWith(name)) {
                say(answer);
            }
            allIsSaid.countDown();
        }

        /** Waits until everybody is in one view. */
        void awaitAll() {
            chat.awaitView(view -> view.members().size() == NAMES.size())
                    .orTimeout(1, TimeUnit.MINUTES)
                    .join();
        }

        @Override
        public void close() {
            node.close();
        }
    }

    private ChatExample() {}

    /** Runs the example in a temporary directory, or in the directory given as argument. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory =
                arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("loggos-chat-example");
        run(directory, System.out);
    }

    /** Returns the lines that each person heard, in order. */
    static List<List<String>> run(Path directory, PrintStream out) throws IOException, InterruptedException {
        List<Integer> ports = freePorts();
        List<Person> people = new ArrayList<>();
        try {
            for (int id = 1; id <= NAMES.size(); id++) {
                people.add(new Person(NAMES.get(id - 1), open(id, ports, directory)));
            }
            people.forEach(Person::awaitAll);

            people.get(0).say(CAKE);
            people.get(2).say(TEA);

            for (Person person : people) {
                await(person.allIsSaid);
                out.println("what " + person.name + " heard:");
                person.heard.forEach(line -> out.println("    " + line));
            }
            return people.stream().map(person -> person.heard).toList();
        } finally {
            people.forEach(Person::close);
        }
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("nothing happens");
        }
    }

    private static Node open(int id, List<Integer> ports, Path directory) {
        NodeBuilder builder = Node.builder()
                .clusterId("chat-example")
                .id(id)
                .listen("127.0.0.1:" + ports.get(id - 1))
                .dataDirectory(directory.resolve("node-" + id));
        for (int peer = 1; peer <= NAMES.size(); peer++) {
            if (peer != id) {
                builder.peer(peer, "127.0.0.1:" + ports.get(peer - 1));
            }
        }
        return builder.open();
    }

    /** Asks the system for free ports. An application would have fixed ports. */
    private static List<Integer> freePorts() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket a = new ServerSocket(0, 1, loopback);
                ServerSocket b = new ServerSocket(0, 1, loopback);
                ServerSocket c = new ServerSocket(0, 1, loopback)) {
            return List.of(a.getLocalPort(), b.getLocalPort(), c.getLocalPort());
        }
    }
}
