package io.loggos.paxos.runtime.loop;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.node.StorageOptions;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.node.UserCodeOptions;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.replica.StateMachine;
import io.loggos.api.spi.Meters;
import io.loggos.internal.loop.Agent;
import io.loggos.internal.loop.EventLoop;
import io.loggos.multicast.Connectivity;
import io.loggos.multicast.core.Links;
import io.loggos.paxos.core.MultiPaxos;
import io.loggos.paxos.core.configuration.CurrentConfiguration;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.core.model.OpenedLog;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.runtime.agent.AgentRunner;
import io.loggos.paxos.runtime.agent.BackgroundWorker;
import io.loggos.paxos.runtime.agent.OwnTasks;
import io.loggos.paxos.runtime.bulk.RequestsOnly;
import io.loggos.paxos.runtime.bulk.UserCodeHere;
import io.loggos.paxos.runtime.events.EventFeed;
import io.loggos.paxos.runtime.events.PeerWatch;
import io.loggos.paxos.runtime.members.Founders;
import io.loggos.paxos.runtime.replica.Applier;
import io.loggos.paxos.runtime.replica.LocalReplica;
import io.loggos.paxos.runtime.replica.StateMachineHost;
import io.loggos.paxos.wire.Envelope;
import io.loggos.storage.GroupCommit;
import io.loggos.storage.checkpoint.DirectoryCheckpointStore;
import io.loggos.storage.testkit.MemoryAcceptorLog;
import io.loggos.testkit.VirtualTime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Node 1 of three, with the lives of one log. A test plays the turns of its loop, its disk, its workers and its peers. */
final class LoneLog {
    static final NodeId PEER = NodeId.of(2);
    private static final NodeId SELF = NodeId.of(1);
    private static final String NAME = "lone";
    private static final LogId LOG = LogId.ofName(NAME);
    private static final List<NodeId> VOTERS = List.of(SELF, PEER, NodeId.of(3));
    private static final TimingOptions TIMING = TimingOptions.defaults();
    static final long ELECTION_NANOS = TIMING.electionTimeout().toNanos();

    final VirtualTime time = new VirtualTime();
    final NodeEvents events = new NodeEvents(() -> {});
    final OpenLogs logs;
    final Links links;
    final PeerWatch watch;
    /** The answers that this node waits for to what it asked its peers outside of the links. */
    final List<Consumer<@Nullable Bytes>> requests = new ArrayList<>();

    private final MemoryAcceptorLog disk = new MemoryAcceptorLog(1);
    private final Path checkpoints;
    private final Timers timers = new Timers();
    private final BackgroundWorker worker = new BackgroundWorker("worker", () -> {});
    private final GroupCommit commit;
    private final TurnOutbox outbox;
    private final LoopReplicas replicas;
    private final LogServices services;

    LoneLog(Path checkpoints) {
        this.checkpoints = checkpoints;
        logs = new OpenLogs(
                Founders.of(disk, SELF, VOTERS.subList(1, VOTERS.size()).toArray(NodeId[]::new)), disk, events);
        WriteProgress progress = new WriteProgress(events, logs);
        commit = new GroupCommit(disk, StorageOptions.defaults(), Meters.NONE, time, progress, () -> {});
        LinkRouter router = new LinkRouter(SELF, new NoDialer(), Meters.NONE);
        TreeSet<NodeId> peers = new TreeSet<>(logs.others());
        links = new Links(
                "test",
                SELF,
                peers,
                disk,
                TIMING,
                TransportOptions.defaults(),
                1,
                new SplittableRandom(1),
                null,
                router);
        outbox = new TurnOutbox(SELF, 1, links, commit, progress, logs::onOwnMessage);
        Applier applier = new Applier(new NoSeat(), name -> new NoSeat(), () -> {});
        Here userCode = new Here();
        EventFeed feed = new EventFeed(SELF, userCode);
        watch = new PeerWatch(SELF, VOTERS, disk, feed);
        replicas = new LoopReplicas(
                events,
                logs,
                timers,
                outbox,
                applier,
                new PeerContacts(SELF, VOTERS),
                watch,
                feed,
                userCode,
                UserCodeOptions.defaults());
        services = new LogServices(
                events,
                logs,
                outbox,
                timers,
                applier,
                worker,
                disk,
                new DirectoryCheckpointStore(checkpoints),
                new Requests(),
                Meters.NONE,
                LogServices.Trace.NONE);
    }

    /** Opens the next life of the log, and lets it begin. */
    LogProcess open() {
        NodeOptions options = Node.builder()
                .id(1)
                .listen("127.0.0.1:1")
                .dataDirectory(checkpoints)
                .peer(2, "127.0.0.1:2")
                .peer(3, "127.0.0.1:3")
                .build();
        LocalReplica replica =
                new LocalReplica(SELF, NAME, ReplicaOptions.defaults(), replicas, time, Meters.NONE, unused -> {});
        StateMachineHost host =
                new StateMachineHost(replica, new Nothing(), services.checkpoints(), new OwnTasks(worker), time);
        OpenedLog opened = OpenedLog.of(LOG, disk.recover(LOG), 0, null);
        LogEffects effects = new LogEffects(replica, host, services);
        MultiPaxos core = new MultiPaxos(
                SELF,
                LOG,
                1,
                new CurrentConfiguration(SELF, 1, Configuration.initial(new TreeSet<>(VOTERS))),
                Limits.of(options, replica.options()),
                opened,
                List.of(),
                new AllConnected(),
                new SplittableRandom(1),
                effects);
        LogProcess process = new LogProcess(replica, host, opened, core, effects, services);
        logs.open(process);
        turn();
        process.core().onFormed(process.out());
        for (NodeId peer : logs.others()) {
            receive(peer, new PaxosMessage.Status(Ballot.ZERO, Ballot.ZERO, 0, 0, false));
        }
        turn();
        return process;
    }

    /** Lets the log lead, by the promise and the vote of a peer. */
    void lead(LogProcess process) {
        for (int waits = 0; process.core().progress().promised().isZero(); waits++) {
            if (waits > 100) {
                throw new AssertionError("does not campaign");
            }
            pass(ELECTION_NANOS / 10);
        }
        Ballot ballot = process.core().progress().promised();
        turn();
        receive(PEER, new PaxosMessage.Promise(ballot, 0, 1, 0, true, List.of()));
        turn();
        receive(PEER, new PaxosMessage.Accepted(ballot, 1));
        turn();
    }

    void receive(NodeId from, PaxosMessage message) {
        logs.beginTurn(time.nanos());
        logs.onMessage(from, new Envelope(LOG, 1, 0, message));
        logs.endTurn(time.nanos(), time.wallMillis());
    }

    /** Lets time pass, with the turns of the loop at the times that it asks for. */
    void pass(long nanos) {
        long until = time.nanos() + nanos;
        while (timers.next() <= until) {
            time.runUntil(timers.next());
            turn();
        }
        time.runUntil(until);
        turn();
    }

    /** Does everything that can be done at this time. */
    void turn() {
        int work;
        do {
            logs.beginTurn(time.nanos());
            work = 0;
            for (EventLoop.Step event = events.poll(); event != null; event = events.poll()) {
                event.at(time.nanos());
                work++;
            }
            work += timers.fire(time.nanos(), (process, timer) -> {
                process.core().onTimer(timer.id(), time.nanos(), process.out());
                logs.touch(process);
            });
            work += outbox.release();
            logs.endTurn(time.nanos(), time.wallMillis());
            outbox.submit(time.nanos());
            work += commit.doWork();
            work += work();
        } while (work > 0);
    }

    /** Lets the worker do what it has to do, without a turn of the loop. */
    int work() {
        int done = 0;
        while (worker.doWork() > 0) {
            done++;
        }
        return done;
    }

    private final class Requests extends RequestsOnly {
        @Override
        public void request(NodeId peer, Bytes request, Consumer<@Nullable Bytes> answer) {
            requests.add(answer);
        }

        @Override
        public void close() {
            throw new AssertionError("not asked for");
        }
    }

    private static final class AllConnected implements Connectivity {
        @Override
        public boolean connected(NodeId peer) {
            return true;
        }

        @Override
        public boolean connected(NodeId one, NodeId other) {
            return true;
        }
    }

    private static final class NoDialer implements LinkRouter.Dialer {
        @Override
        public void dial(NodeId peer) {}

        @Override
        public void refused(NodeId peer, String reason) {}
    }

    private static final class NoSeat implements AgentRunner.Seat {
        @Override
        public void run(Agent agent, BiConsumer<Agent, Throwable> onDeath) {}

        @Override
        public void close() {}

        @Override
        public void wake() {}
    }

    private static final class Here extends UserCodeHere {
        @Override
        public void threw(String source, Throwable cause) {
            throw new AssertionError(source, cause);
        }
    }

    private static final class Nothing implements StateMachine {
        @Override
        public Bytes apply(Command command) {
            return Bytes.EMPTY;
        }

        @Override
        public CheckpointWriter checkpoint() {
            return directory -> {};
        }

        @Override
        public void restore(Path directory) {}
    }
}
