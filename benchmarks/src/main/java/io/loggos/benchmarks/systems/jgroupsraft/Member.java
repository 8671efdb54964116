package io.loggos.benchmarks.systems.jgroupsraft;

import io.loggos.benchmarks.harness.machine.Loopback;
import io.loggos.benchmarks.systems.consensus.CommandHash;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jgroups.JChannel;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FRAG2;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.protocols.raft.ELECTION2;
import org.jgroups.protocols.raft.NO_DUPES;
import org.jgroups.protocols.raft.RAFT;
import org.jgroups.raft.RaftHandle;
import org.jgroups.stack.IpAddress;

/** One replica: a channel with the stack that JGroups ships for TCP, and jgroups-raft on top of it. */
final class Member implements AutoCloseable, Supplier<CommandHash.Value> {
    /** Bytes of commands before a snapshot: taking one copies the rest of the log. */
    private static final long SNAPSHOT_BYTES = 4L << 30;
    /** Size of the log cache, so that the leader need not read its file to serve a follower. */
    private static final int CACHED_ENTRIES = 16_384;

    private final HashStateMachine machine = new HashStateMachine();
    private final TCP transport = new TCP();
    private final TCPPING discovery = new TCPPING();
    private final RAFT raft = new RAFT();
    private final JChannel channel;
    private final RaftHandle handle;

    Member(String name, Collection<String> names, Path directory) throws Exception {
        IpAddress free = new IpAddress(Loopback.freeAddresses(1).get(0));
        transport.setBindAddress(free.getIpAddress());
        // If another process has taken the port, it uses one of the next ports.
        transport.setBindPort(free.getPort());
        raft.raftId(name)
                .members(names)
                .logDir(directory.toString())
                .logUseFsync(true)
                .maxLogSize(SNAPSHOT_BYTES)
                .maxLogCacheSize(CACHED_ENTRIES);
        channel = new JChannel(
                transport,
                discovery,
                new FD_ALL3(),
                new VERIFY_SUSPECT2(),
                new NAKACK2().useMcastXmit(false).logDiscardMessages(false),
                new UNICAST3(),
                new STABLE(),
                new NO_DUPES(),
                new GMS().printLocalAddress(false),
                new UFC(),
                new MFC(),
                new FRAG2(),
                new ELECTION2(),
                raft);
        channel.name(name);
        handle = new RaftHandle(channel, machine);
    }

    /** Joins the members that are there already. */
    void connect(List<InetSocketAddress> others) throws Exception {
        discovery.setInitialHosts(others);
        channel.connect("bench");
    }

    /** Returns the address of the member. */
    InetSocketAddress address() {
        IpAddress address = (IpAddress) transport.localPhysicalAddress();
        return new InetSocketAddress(address.getIpAddress(), address.getPort());
    }

    RaftHandle handle() {
        return handle;
    }

    /** Returns the number of replicas that it is connected to, including itself. */
    int reached() {
        return channel.getView().size();
    }

    /** Returns the state that this replica has applied. */
    @Override
    public CommandHash.Value get() {
        return machine.state();
    }

    @Override
    public void close() {
        channel.close();
    }
}
