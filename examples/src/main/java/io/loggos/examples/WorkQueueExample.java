package io.loggos.examples;

import io.loggos.api.Bytes;
import io.loggos.api.Node;
import io.loggos.api.NodeBuilder;
import io.loggos.api.NodeId;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewChange;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Views: workers, each on a node, all in this JVM, split the open tasks by their rank in the view, and split them again
 * when one dies. They never talk about who does what: when a view begins, its members have seen the same messages, so
 * each knows the same tasks to be open, and its own share of them. The order is total, so that all agree who did first
 * what was done twice.
 */
public final class WorkQueueExample {
    private static final int NODES = 3;
    private static final int TASKS = 30;

    /** How many tasks the worker that dies does before. */
    private static final int DONE_BEFORE_DEATH = 3;

    /** A node that works: its thread takes one task after the other, and tells all when it is done. */
    private static final class Worker implements GroupListener, AutoCloseable {
        private final Node node;
        private final Group queue;
        private final PrintStream out;
        private final TreeMap<Integer, NodeId> done = new TreeMap<>();
        private final ArrayDeque<Integer> share = new ArrayDeque<>();
        private boolean begun;

        Worker(Node node, PrintStream out) {
            this.node = node;
            this.out = out;
            this.queue = node.join("work", Ordering.TOTAL, this);
        }

        /** The work begins when all are there; from then on each view has its own split. */
        @Override
        public synchronized void onView(ViewChange change) {
            View view = change.view();
            begun |= view.primary() && view.members().size() == NODES;
            if (!begun || done.size() == TASKS) {
                return;
            }
            share.clear();
            int position = 0;
            for (int task = 0; task < TASKS; task++) {
                if (!done.containsKey(task) && position++ % view.members().size() == view.rank(node.id())) {
                    share.add(task);
                }
            }
            out.println("of " + position + " open tasks for " + view.members() + ", " + node.id() + " takes "
                    + share.size());
            notifyAll();
        }

        @Override
        public synchronized void onMessage(NodeId from, Bytes message) {
            int task = Integer.parseInt(message.toUtf8());
            done.putIfAbsent(task, from);
            share.remove(task);
            notifyAll();
        }

        /** Does tasks of its share until all tasks are done, so many at the most. */
        Map<Integer, NodeId> work(int most) throws InterruptedException {
            for (int i = 0; i < most; i++) {
                OptionalInt task = next();
                if (task.isEmpty()) {
                    break;
                }
                // The work itself would stand here. It may happen twice: the word that it is done can die with a
                // worker.
                queue.multicast(Bytes.utf8(Integer.toString(task.getAsInt())));
            }
            synchronized (this) {
                return Map.copyOf(done);
            }
        }

        /** A task of this worker's share; none once all tasks are done. Waits while only others have any. */
        private synchronized OptionalInt next() throws InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
            while (share.isEmpty() && done.size() < TASKS) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new IllegalStateException("nothing happens");
                }
                wait(left);
            }
            Integer task = share.poll();
            return task == null ? OptionalInt.empty() : OptionalInt.of(task);
        }

        @Override
        public void close() {
            node.close();
        }
    }

    private WorkQueueExample() {}

    /** Runs the example in a temporary directory, or in the one that is given. */
    public static void main(String[] arguments) throws Exception {
        Path directory =
                arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("loggos-work-example");
        run(directory, System.out);
    }

    /** Returns who has done what, as each of the two workers has it that live. */
    static List<Map<Integer, NodeId>> run(Path directory, PrintStream out) throws Exception {
        List<Integer> ports = freePorts();
        List<Worker> workers = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(NODES);
        try {
            for (int id = 1; id <= NODES; id++) {
                workers.add(new Worker(open(id, ports, directory), out));
            }
            Future<Map<Integer, NodeId>> first =
                    threads.submit(() -> workers.get(0).work(TASKS));
            Future<Map<Integer, NodeId>> second =
                    threads.submit(() -> workers.get(1).work(TASKS));

            workers.get(2).work(DONE_BEFORE_DEATH);
            out.println("n3 dies after " + DONE_BEFORE_DEATH + " tasks");
            workers.get(2).close();

            List<Map<Integer, NodeId>> records = List.of(first.get(), second.get());
            out.println("n1 and n2 have seen the end of all " + TASKS + " tasks");
            return records;
        } finally {
            threads.shutdownNow();
            workers.forEach(Worker::close);
        }
    }

    private static Node open(int id, List<Integer> ports, Path directory) {
        NodeBuilder builder = Node.builder()
                .clusterId("work-example")
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

    /** Asks the system for free ports; an application would have fixed ones. */
    private static List<Integer> freePorts() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket a = new ServerSocket(0, 1, loopback);
                ServerSocket b = new ServerSocket(0, 1, loopback);
                ServerSocket c = new ServerSocket(0, 1, loopback)) {
            return List.of(a.getLocalPort(), b.getLocalPort(), c.getLocalPort());
        }
    }
}
