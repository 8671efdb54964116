package io.loggos.paxos.runtime;

import io.loggos.api.node.Node;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.node.NodeProvider;
import io.loggos.api.spi.Clock;
import io.loggos.api.spi.MeterScope;
import io.loggos.api.spi.Meters;
import io.loggos.api.spi.SystemClock;
import io.loggos.api.spi.Transport;
import io.loggos.internal.files.TemporaryDirectory;
import io.loggos.multicast.grpc.FreeAddress;
import io.loggos.multicast.grpc.GrpcOnClassPath;
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
    public Node open(NodeOptions options, Meters receiver) {
        GrpcOnClassPath.check();
        try {
            return opened(options, receiver);
        } catch (LinkageError e) {
            throw GrpcOnClassPath.unusable(e);
        }
    }

    private static Node opened(NodeOptions options, Meters receiver) {
        MeterScope meters =
                MeterScope.of(receiver, "node", Integer.toString(options.id().value()));
        RandomGenerator random = new SplittableRandom(new SecureRandom().nextLong());
        // First what may be refused, for its options or its port: nothing is written before (RULES.md O-3).
        Transport transport = new GrpcTransport(
                options.id(),
                options.clusterId(),
                options.listen(),
                options.peers(),
                options.transport(),
                options.security(),
                meters);
        RocksDbStore store = null;
        try {
            FreeAddress.check(options.listen());
            TemporaryDirectory.check(options.dataDirectory().resolve(NodeAssembly.GROUPS));
            store = RocksDbStore.open(
                    options.dataDirectory().resolve("log"),
                    options.clusterId(),
                    options.id(),
                    new TreeSet<>(options.members().keySet()),
                    options.storage(),
                    random);
            DirectoryCheckpointStore checkpoints =
                    new DirectoryCheckpointStore(options.dataDirectory().resolve("checkpoints"));
            return start(options, meters, random, store, checkpoints, transport);
        } catch (RuntimeException | Error e) {
            transport.close();
            if (store != null) {
                store.close();
            }
            meters.close();
            throw e;
        }
    }

    private static Node start(
            NodeOptions options,
            MeterScope meters,
            RandomGenerator random,
            RocksDbStore store,
            DirectoryCheckpointStore checkpoints,
            Transport transport) {
        Clock clock = new SystemClock();
        ThreadRunner threads = new ThreadRunner("loggos-" + options.id().value(), clock, options.userCode());
        NodeEnvironment environment = new NodeEnvironment(
                clock,
                random,
                new SecureRandom(),
                store,
                store,
                checkpoints,
                transport,
                meters,
                LogServices.Trace.NONE);
        try {
            return LoggosNode.start(options, environment, threads);
        } catch (RuntimeException | Error e) {
            threads.stop(false, () -> {});
            throw e;
        }
    }
}
