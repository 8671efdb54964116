package io.loggos.examples;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.ViewChange;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.Participant;
import io.loggos.api.snapshot.Recorder;
import io.loggos.api.snapshot.cut.InFlight;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A global snapshot: three branches of a bank, each on a node in this JVM, send each other money all the time. A
 * snapshot stops nobody, and yet it contains all the money: the balances of the branches, and the transfers between
 * them. The balances alone do not add up.
 */
public final class BankExample {
    private static final int NODES = 3;
    private static final long MONEY_EACH = 1_000;
    private static final int MOST_AT_ONCE = 10;

    /** Smallest number of snapshots. More are taken, up to {@link #MOST_SNAPSHOTS}, until one contains a transfer. */
    private static final int LEAST_SNAPSHOTS = 10;

    private static final int MOST_SNAPSHOTS = 500;

    /**
     * The money in one snapshot.
     *
     * @param atBranches the sum of the balances
     * @param onItsWay the sum of the transfers in flight
     */
    record Sum(long atBranches, long onItsWay) {}

    /** A branch with an account. It changes only in a listener or in a step, so each change is on one side of a cut. */
    private static final class Branch implements GroupListener, Recorder, AutoCloseable {
        private final Node node;
        private final Group transfers;
        private final Participant participant;
        private final Random random;
        private final CountDownLatch allAreOpen = new CountDownLatch(1);
        private volatile boolean closing;
        private long balance = MONEY_EACH;

        Branch(Node node) {
            this.node = node;
            this.random = new Random(node.id().value());
            this.participant = node.participant("account", this);
            this.transfers = node.join("transfers", Ordering.FIFO, this);
        }

        /** Starts this many transfers; each transfer that arrives starts another. */
        void open(int transfersUnderWay) {
            for (int i = 0; i < transfersUnderWay; i++) {
                participant.execute(this::transfer);
            }
        }

        /** Takes money from the account and sends it to another branch. */
        private void transfer() {
            long amount = Math.min(balance, 1 + random.nextInt(MOST_AT_ONCE));
            balance -= amount;
            int other = (node.id().value() + random.nextInt(NODES - 1)) % NODES + 1;
            transfers.send(NodeId.of(other), Bytes.utf8(Long.toString(amount)));
        }

        @Override
        public void onMessage(NodeId from, Bytes message) {
            balance += money(message);
            if (!closing) {
                transfer();
            }
        }

        @Override
        public void onView(ViewChange change) {
            if (change.view().primary() && change.view().members().size() == NODES) {
                allAreOpen.countDown();
            }
        }

        @Override
        public Bytes record() {
            return Bytes.utf8(Long.toString(balance));
        }

        @Override
        public void close() {
            node.close();
        }
    }

    private BankExample() {}

    /** Runs the example in a temporary directory, or in the directory given as argument. */
    public static void main(String[] arguments) throws Exception {
        Path directory =
                arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("loggos-bank-example");
        run(directory, System.out);
    }

    /** Returns the sums of each snapshot. */
    static List<Sum> run(Path directory, PrintStream out) throws Exception {
        List<Integer> ports = freePorts();
        List<Branch> branches = new ArrayList<>();
        try {
            for (int id = 1; id <= NODES; id++) {
                branches.add(new Branch(open(id, ports, directory)));
            }
            for (Branch branch : branches) {
                await(branch.allAreOpen);
            }
            branches.forEach(branch -> branch.open(20));

            List<Sum> sums = new ArrayList<>();
            boolean seenMoneyOnItsWay = false;
            while (sums.size() < LEAST_SNAPSHOTS || (!seenMoneyOnItsWay && sums.size() < MOST_SNAPSHOTS)) {
                Node node = branches.get(sums.size() % NODES).node;
                Sum sum = sum(node.snapshot().get(1, TimeUnit.MINUTES));
                out.println("at the branches " + sum.atBranches + ", with what is on its way "
                        + (sum.atBranches + sum.onItsWay));
                seenMoneyOnItsWay |= sum.onItsWay > 0;
                sums.add(sum);
            }
            return sums;
        } finally {
            branches.forEach(branch -> branch.closing = true);
            branches.forEach(Branch::close);
        }
    }

    private static Sum sum(GlobalSnapshot cut) {
        return new Sum(
                cut.states("account", BankExample::money).values().stream()
                        .mapToLong(each -> each)
                        .sum(),
                cut.inFlight("transfers", BankExample::money).stream()
                        .mapToLong(InFlight::message)
                        .sum());
    }

    private static long money(Bytes text) {
        return Long.parseLong(text.toUtf8());
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("nothing happens");
        }
    }

    private static Node open(int id, List<Integer> ports, Path directory) {
        NodeBuilder builder = Node.builder()
                .clusterId("bank-example")
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
