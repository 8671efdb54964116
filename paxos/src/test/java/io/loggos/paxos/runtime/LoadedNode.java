package io.loggos.paxos.runtime;

import io.loggos.api.Address;
import io.loggos.api.Bytes;
import io.loggos.api.LoggosException;
import io.loggos.api.NodeClosedException;
import io.loggos.api.NodeId;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.Ordering;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.node.SecurityOptions;
import io.loggos.api.node.StorageOptions;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.node.UserCodeOptions;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.replica.StateMachine;
import io.loggos.api.snapshot.SnapshotOptions;
import io.loggos.api.spi.MeterScope;
import io.loggos.api.spi.Meters;
import io.loggos.api.spi.SystemClock;
import io.loggos.api.spi.Transport;
import io.loggos.internal.loop.Agent;
import io.loggos.paxos.runtime.agent.AgentRunner;
import io.loggos.paxos.runtime.agent.ThreadRunner;
import io.loggos.paxos.runtime.loop.LogServices;
import io.loggos.storage.checkpoint.DirectoryCheckpointStore;
import io.loggos.storage.testkit.MemoryAcceptorLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A cluster of one node with real threads, whose agents can be killed, and callers that ask it all they can. */
final class LoadedNode {
    /** The number of calls of each caller that may be open. */
    private static final int MOST_OPEN = 64;

    private final NodeOptions options;
    private final Killing runner;
    private final Node node;
    private final Replica replica;
    private final ConcurrentLinkedQueue<CompletableFuture<?>> calls = new ConcurrentLinkedQueue<>();
    private final List<Thread> callers = new ArrayList<>();
    private final AtomicInteger answers = new AtomicInteger();
    private volatile boolean ended;

    LoadedNode(Path directory, long seed) {
        options = new NodeOptions(
                "loaded",
                NodeId.of(1),
                new Address("127.0.0.1", 0),
                new TreeMap<>(),
                directory,
                TimingOptions.ofElectionTimeout(Duration.ofMillis(100)),
                TransportOptions.defaults(),
                StorageOptions.defaults(),
                UserCodeOptions.defaults(),
                SecurityOptions.defaults(),
                null);
        SystemClock clock = new SystemClock();
        SplittableRandom random = new SplittableRandom(seed);
        MemoryAcceptorLog log = new MemoryAcceptorLog(random.nextLong(1, Long.MAX_VALUE));
        runner = new Killing(new ThreadRunner("loaded", clock, options.userCode()));
        node = LoggosNode.start(
                options,
                new NodeEnvironment(
                        clock,
                        random,
                        random,
                        log,
                        log,
                        new DirectoryCheckpointStore(directory.resolve("checkpoints")),
                        new NoPeers(),
                        MeterScope.of(Meters.NONE),
                        LogServices.Trace.NONE),
                runner);
        replica = node.replicate("log", new Echo(), replicaOptions());
    }

    private static ReplicaOptions replicaOptions() {
        return ReplicaOptions.builder()
                .requestTimeout(Duration.ofSeconds(5))
                .checkpointEvery(20, 1 << 20)
                .build();
    }

    Replica replica() {
        return replica;
    }

    /** Begins to ask, from several threads, until {@link #awaitCallers}. */
    void load() {
        caller(i -> ask(replica.propose(Bytes.utf8("command " + i))));
        caller(i -> ask(replica.read(Consistency.LINEARIZABLE, () -> i)));
        caller(i -> ask(replica.read(Consistency.LOCAL, () -> i)));
        caller(this::openAndCloseMore);
    }

    private void openAndCloseMore(int number) {
        Replica other = node.replicate("log " + number, new Echo(), replicaOptions());
        ask(other.propose(Bytes.utf8("first")));
        Group group = node.join("group " + number, GroupOptions.of(Ordering.TOTAL), (from, message) -> {});
        group.multicast(Bytes.utf8("hello"));
        if (number % 8 == 0) {
            ask(node.snapshot(SnapshotOptions.defaults()));
        }
        if (number == 1) {
            ask(node.watch(cut -> Optional.empty(), Duration.ofMillis(20)).found());
        }
        if (number % 2 == 0) {
            group.close();
            other.close();
        }
    }

    private void ask(CompletableFuture<?> call) {
        calls.add(call.whenComplete((answer, failure) -> answers.incrementAndGet()));
    }

    /** The number of calls that have ended. */
    int answers() {
        return answers.get();
    }

    private void caller(Consumer<Integer> ask) {
        Thread caller = new Thread(() -> {
            for (int i = 0; !ended; i++) {
                try {
                    ask.accept(i);
                } catch (NodeClosedException e) {
                    return;
                } catch (LoggosException | IllegalStateException e) {
                    Thread.onSpinWait();
                }
                while (!ended && openCalls() > MOST_OPEN) {
                    Thread.onSpinWait();
                }
            }
        });
        callers.add(caller);
        caller.start();
    }

    /** The number of calls that have not ended. */
    long openCalls() {
        calls.removeIf(CompletableFuture::isDone);
        return calls.size();
    }

    /** Lets an agent throw in its next turn, which comes soon. */
    void kill(String agent) {
        runner.kill(agent);
    }

    boolean isDead(String agent) {
        return runner.dead.equals(agent);
    }

    void close() {
        node.close();
    }

    /** Ends the callers. */
    void awaitCallers() throws InterruptedException {
        ended = true;
        for (Thread caller : callers) {
            caller.join();
        }
    }

    /** Answers a command with itself. */
    private static final class Echo implements StateMachine {
        @Override
        public Bytes apply(Command command) {
            return command.payload();
        }

        @Override
        public CheckpointWriter checkpoint() {
            return directory -> Files.writeString(directory.resolve("nothing"), "nothing");
        }

        @Override
        public void restore(Path directory) {
            // There is no state.
        }
    }

    /** A transport for a cluster of one node. */
    private static final class NoPeers implements Transport {
        @Override
        public void start(Listener listener) {
            // Nobody connects.
        }

        @Override
        public Address listening() {
            return new Address("127.0.0.1", 1);
        }

        @Override
        public void connect(NodeId peer) {
            throw new AssertionError("there is no node " + peer);
        }

        @Override
        public void request(NodeId peer, Bytes request, Consumer<@Nullable Bytes> answer) {
            answer.accept(null);
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    /** Threads whose agents throw when they are told to. */
    private static final class Killing implements AgentRunner {
        private final ThreadRunner threads;
        private final ConcurrentSkipListMap<String, Seat> seats = new ConcurrentSkipListMap<>();
        private volatile String victim = "";
        volatile String dead = "";

        Killing(ThreadRunner threads) {
            this.threads = threads;
        }

        void kill(String agent) {
            Seat seat = seats.get(agent);
            if (seat == null) {
                throw new AssertionError("no agent \"" + agent + "\" among " + seats.keySet());
            }
            victim = agent;
            seat.wake();
        }

        @Override
        public Seat seat(String name, Kind kind) {
            Seat made = threads.seat(name, kind);
            seats.put(name, made);
            return new Seat() {
                @Override
                public void run(Agent agent, BiConsumer<Agent, Throwable> onDeath) {
                    made.run(new Mortal(agent), (mortal, cause) -> {
                        dead = name;
                        onDeath.accept(agent, cause);
                    });
                }

                @Override
                public void wake() {
                    made.wake();
                }

                @Override
                public void turn() {
                    made.turn();
                }

                @Override
                public void close() {
                    made.close();
                }
            };
        }

        private final class Mortal implements Agent {
            private final Agent agent;

            Mortal(Agent agent) {
                this.agent = agent;
            }

            @Override
            public String name() {
                return agent.name();
            }

            @Override
            public int doWork() {
                if (victim.equals(agent.name())) {
                    throw new AssertionError("killed by the test");
                }
                return agent.doWork();
            }

            @Override
            public long nextWorkNanos() {
                return agent.nextWorkNanos();
            }
        }

        @Override
        public Executor pool(String name) {
            return threads.pool(name);
        }

        @Override
        public boolean drain(CountDownLatch done) {
            return threads.drain(done);
        }

        @Override
        public void stop(boolean timeIsOver, Runnable whenEnded) {
            threads.stop(timeIsOver, whenEnded);
        }
    }
}
