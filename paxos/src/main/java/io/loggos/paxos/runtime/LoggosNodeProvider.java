package io.loggos.paxos.runtime;

import io.loggos.api.node.Node;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.node.NodeProvider;
import io.loggos.api.spi.Clock;
import io.loggos.api.spi.Meters;
import io.loggos.api.spi.SystemClock;
import io.loggos.api.spi.Transport;
import io.loggos.multicast.grpc.GrpcTransport;
import io.loggos.paxos.runtime.agent.ThreadRunner;
import io.loggos.paxos.runtime.loop.LogServices;
import io.loggos.storage.checkpoint.DirectoryCheckpointStore;
import io.loggos.storage.rocksdb.log.RocksDbStore;
import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/** Creates nodes on RocksDB, gRPC and threads. {@link java.util.ServiceLoader} finds it. */
public final class LoggosNodeProvider implements NodeProvider {
    @Override
    public Node open(NodeOptions options, Meters meters) {
        Clock clock = new SystemClock();
        RandomGenerator random = new SplittableRandom(new SecureRandom().nextLong());
        // First what may be refused for its options: nothing is written before (RULES.md O-3).
        Transport transport = new GrpcTransport(
                options.id(),
                options.clusterId(),
                options.listen(),
                options.peers(),
                options.transport(),
                options.security(),
                meters);
        RocksDbStore store;
        try {
            store = RocksDbStore.open(
                    options.dataDirectory().resolve("log"),
                    options.clusterId(),
                    options.id(),
                    new TreeSet<>(options.members().keySet()),
                    options.storage(),
                    random);
        } catch (RuntimeException e) {
            transport.close();
            throw e;
        }
        try {
            return start(options, meters, clock, random, store, transport);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private static Node start(
            NodeOptions options,
            Meters meters,
            Clock clock,
            RandomGenerator random,
            RocksDbStore store,
            Transport transport) {
        ThreadRunner threads = new ThreadRunner("loggos-" + options.id().value(), clock, options.userCode());
        NodeEnvironment environment = new NodeEnvironment(
                clock,
                random,
                new SecureRandom(),
                store,
                store,
                new DirectoryCheckpointStore(options.dataDirectory().resolve("checkpoints")),
                transport,
                meters,
                LogServices.Trace.NONE);
        try {
            return LoggosNode.start(options, environment, threads);
        } catch (RuntimeException e) {
            transport.close();
            threads.stop(false);
            throw e;
        }
    }
}
