package io.loggos.paxos.disk;

import io.loggos.api.node.Node;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.spi.MeterScope;
import io.loggos.api.spi.SystemClock;
import io.loggos.multicast.grpc.GrpcTransport;
import io.loggos.paxos.Gauges;
import io.loggos.paxos.runtime.LoggosNode;
import io.loggos.paxos.runtime.NodeEnvironment;
import io.loggos.paxos.runtime.agent.ThreadRunner;
import io.loggos.paxos.runtime.loop.LogServices;
import io.loggos.storage.checkpoint.DirectoryCheckpointStore;
import io.loggos.storage.rocksdb.log.RocksDbStore;
import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** A node on a real disk that can be made late. */
record LateNode(Node node, LateLog disk, Gauges gauges) implements AutoCloseable {
    static LateNode start(NodeOptions options) {
        SystemClock clock = new SystemClock();
        SplittableRandom random = new SplittableRandom();
        Gauges gauges = new Gauges();
        RocksDbStore store = RocksDbStore.open(
                options.dataDirectory().resolve("log"),
                options.clusterId(),
                options.id(),
                new TreeSet<>(options.members().keySet()),
                options.storage(),
                random);
        LateLog disk = new LateLog(store);
        NodeEnvironment environment = new NodeEnvironment(
                clock,
                random,
                new SecureRandom(),
                disk,
                store,
                new DirectoryCheckpointStore(options.dataDirectory().resolve("checkpoints")),
                new GrpcTransport(
                        options.id(),
                        options.clusterId(),
                        options.listen(),
                        options.peers(),
                        options.transport(),
                        options.security(),
                        gauges),
                MeterScope.of(gauges),
                LogServices.Trace.NONE);
        return new LateNode(
                LoggosNode.start(options, environment, new ThreadRunner("late", clock, options.userCode())),
                disk,
                gauges);
    }

    @Override
    public void close() {
        node.close();
    }
}
