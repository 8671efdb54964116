package io.loggos.examples;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.ViewChange;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import io.loggos.api.snapshot.Participant;
import io.loggos.api.snapshot.Recorder;
import io.loggos.api.snapshot.Watch;
import io.loggos.snapshot.detect.Activity;
import io.loggos.snapshot.detect.Computation;
import io.loggos.snapshot.detect.Termination;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A stable property: three workers, each on a node in this JVM, count primes. One of them begins with all the work. A
 * large task is split in two, and a worker without tasks steals one from its neighbour. No worker can tell that all
 * work is done: others may be working, and tasks may be in flight. A watch finds it in a snapshot.
 */
public final class WorkStealingExample {
    private static final int NODES = 3;
    private static final int LIMIT = 2_000_000;
    private static final int LARGEST_TASK = 500;
    private static final String STEAL = "steal";

    /** The numbers from one (inclusive) to another (exclusive). */
    private record Task(int from, int to) {
        int size() {
            return to - from;
        }

        @Override
        public String toString() {
            return from + " " + to;
        }

        static Task parse(String text) {
            String[] bounds = text.split(" ", 2);
            return new Task(Integer.parseInt(bounds[0]), Integer.parseInt(bounds[1]));
        }
    }

    /** A worker. Its tasks are used only in its listener and in its steps, which run on one thread. */
    private static final class Worker implements GroupListener, Recorder, AutoCloseable {
        private final Node node;
        private final Group work;
        private final Participant participant;
        private final ArrayDeque<Task> tasks = new ArrayDeque<>();
        private final AtomicLong primes = new AtomicLong();
        private final AtomicLong numbers = new AtomicLong();
        private final CountDownLatch allAreThere = new CountDownLatch(1);
        private final CountDownLatch isAsked = new CountDownLatch(1);
        private boolean askedInVain;

        Worker(Node node, List<Task> first) {
            this.node = node;
            this.tasks.addAll(first);
            this.participant = node.participant("worker", this);
            this.work = node.join("work", Ordering.FIFO, this);
        }

        void begin() {
            participant.execute(this::step);
        }

        /** Splits a task or does it. Without tasks it asks its neighbour, which answers once it has a task to spare. */
        private void step() {
            Task task = tasks.poll();
            if (task != null && task.size() > LARGEST_TASK) {
                int middle = task.from + task.size() / 2;
                tasks.push(new Task(middle, task.to));
                tasks.push(new Task(task.from, middle));
                if (askedInVain) {
                    giveOne();
                }
            } else if (task != null) {
                count(task);
            }
            if (tasks.isEmpty()) {
                work.send(NodeId.of(node.id().value() % NODES + 1), Bytes.utf8(STEAL));
            } else {
                participant.execute(this::step);
            }
        }

        private void count(Task task) {
            for (int number = task.from; number < task.to; number++) {
                if (isPrime(number)) {
                    primes.incrementAndGet();
                }
            }
            numbers.addAndGet(task.size());
        }

        /** Gives the neighbour the task that has waited longest, which is large. */
        private void giveOne() {
            askedInVain = tasks.size() < 2;
            if (!askedInVain) {
                int thief = node.id().value() == 1 ? NODES : node.id().value() - 1;
                work.send(NodeId.of(thief), Bytes.utf8(tasks.removeLast().toString()));
            }
        }

        @Override
        public void onMessage(NodeId from, Bytes message) {
            String text = message.toUtf8();
            if (text.equals(STEAL)) {
                giveOne();
                isAsked.countDown();
            } else {
                tasks.push(Task.parse(text));
                participant.execute(this::step);
            }
        }

        @Override
        public void onView(ViewChange change) {
            if (change.view().primary() && change.view().members().size() == NODES) {
                allAreThere.countDown();
            }
        }

        @Override
        public Bytes record() {
            return Bytes.utf8(tasks.size() + " tasks");
        }

        @Override
        public void close() {
            node.close();
        }
    }

    private WorkStealingExample() {}

    /** Runs the example in a temporary directory, or in the directory given as argument. */
    public static void main(String[] arguments) throws Exception {
        Path directory =
                arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("loggos-stealing-example");
        run(directory, System.out);
    }

    /** Returns the count of numbers that each worker had tested when the end was found. */
    static List<Long> run(Path directory, PrintStream out) throws Exception {
        List<Integer> ports = freePorts();
        List<Worker> workers = new ArrayList<>();
        try {
            for (int id = 1; id <= NODES; id++) {
                List<Task> first = id == 1 ? List.of(new Task(0, LIMIT)) : List.of();
                workers.add(new Worker(open(id, ports, directory), first));
            }
            for (Worker worker : workers) {
                await(worker.allAreThere);
            }
            // Idle workers ask before there is a task to spare, so all three certainly get some.
            workers.get(1).begin();
            workers.get(2).begin();
            await(workers.get(2).isAsked);
            await(workers.get(0).isAsked);
            workers.get(0).begin();

            Computation all = Computation.of(List.of(NodeId.of(1), NodeId.of(2), NodeId.of(3)), "worker", "work");
            Termination end = new Termination(
                    all,
                    state -> new Activity(state.toUtf8().equals("0 tasks"), 0),
                    message -> !message.toUtf8().equals(STEAL));
            try (Watch<Computation> watch = workers.get(0).node.watch(end, Duration.ofMillis(100))) {
                Watch.Found<Computation> found = watch.found().get(2, TimeUnit.MINUTES);
                out.println("all is done, says snapshot " + found.cut().id());
            }
            List<Long> numbers =
                    workers.stream().map(worker -> worker.numbers.get()).toList();
            out.println("numbers that each worker has looked at: " + numbers);
            out.println("primes below " + LIMIT + ": "
                    + workers.stream().mapToLong(worker -> worker.primes.get()).sum());
            return numbers;
        } finally {
            workers.forEach(Worker::close);
        }
    }

    private static boolean isPrime(int number) {
        for (int divisor = 2; divisor * divisor <= number; divisor++) {
            if (number % divisor == 0) {
                return false;
            }
        }
        return number > 1;
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("nothing happens");
        }
    }

    private static Node open(int id, List<Integer> ports, Path directory) {
        NodeBuilder builder = Node.builder()
                .clusterId("stealing-example")
                .id(id)
                .listen("127.0.0.1:" + ports.get(id - 1))
                .dataDirectory(directory.resolve("node-" + id));
        for (int peer = 1; peer <= NODES; peer++) {
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
