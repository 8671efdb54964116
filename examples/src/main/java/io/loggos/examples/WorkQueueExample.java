package io.loggos.examples;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewChange;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
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
 * Views: workers, each on a node in this JVM, divide the open tasks by their rank in the view. They divide them again
 * when one of them dies. They send no messages about the division. When a view begins, its members have seen the same
 * messages. So each knows the same open tasks, and its own share of them. Messages are in total order, so all agree who
 * was first if a task was done twice.
 */
public final class WorkQueueExample {
    private static final int NODES = 3;
    private static final int TASKS = 30;

    /** Number of tasks that the worker does before it dies. */
    private static final int DONE_BEFORE_DEATH = 3;

    /** A node with a thread that does one task after the other, and multicasts each task that is done. */
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

        /** Starts the work in the first view of all members, and divides the open tasks again in each later view. */
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

        /** Does tasks of its share until all tasks are done, or until it has done this many. */
        Map<Integer, NodeId> work(int most) throws InterruptedException {
            for (int i = 0; i < most; i++) {
                OptionalInt task = next();
                if (task.isEmpty()) {
                    break;
                }
                // The work itself would be here. It may happen twice, because a worker can die before it multicasts
                // the end of a task.
                queue.multicast(Bytes.utf8(Integer.toString(task.getAsInt())));
            }
            synchronized (this) {
                return Map.copyOf(done);
            }
        }

        /** Returns a task of this worker's share; empty once all tasks are done. Waits while only others have tasks. */
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

    /** Runs the example in a temporary directory, or in the directory given as argument. */
    public static void main(String[] arguments) throws Exception {
        Path directory =
                arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("loggos-work-example");
        run(directory, System.out);
    }

    /** Returns the worker of each task, as each of the two surviving workers knows it. */
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
