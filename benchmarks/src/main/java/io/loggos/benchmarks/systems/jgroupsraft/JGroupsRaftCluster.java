package io.loggos.benchmarks.systems.jgroupsraft;

import io.loggos.benchmarks.harness.process.Await;
import io.loggos.benchmarks.harness.workload.Operation;
import io.loggos.benchmarks.systems.consensus.CommandHash;
import io.loggos.benchmarks.systems.consensus.ReplicatedCluster;
import io.loggos.benchmarks.systems.consensus.Settlement;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jgroups.raft.Options;
import org.jgroups.raft.RaftHandle;
import org.jspecify.annotations.Nullable;

/** Three jgroups-raft members in this JVM. */
final class JGroupsRaftCluster implements ReplicatedCluster {
    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final Options NO_RESULT = Options.create(true);

    private final List<Member> members;
    private final RaftHandle leader;

    private JGroupsRaftCluster(List<Member> members, RaftHandle leader) {
        this.members = members;
        this.leader = leader;
    }

    static JGroupsRaftCluster open(Path directory) throws Exception {
        List<Member> members = new ArrayList<>();
        try {
            List<InetSocketAddress> addresses = new ArrayList<>();
            for (String name : NAMES) {
                Member member = new Member(name, NAMES, directory);
                members.add(member);
                member.connect(List.copyOf(addresses));
                addresses.add(member.address());
            }
            RaftHandle leader = Await.present("leader", () -> leaderOf(members));
            leader.setAsync(new byte[1], 0, 1, NO_RESULT).get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return new JGroupsRaftCluster(members, leader);
        } catch (Exception e) {
            members.forEach(Member::close);
            throw e;
        }
    }

    @Override
    public void submit(byte[] command, Operation operation) {
        operation.endsWith(leader.raft().setAsync(command, 0, command.length, NO_RESULT));
    }

    @Override
    public List<CommandHash.Value> settledStates() {
        return Settlement.await(members);
    }

    @Override
    public void close() {
        members.forEach(Member::close);
    }

    /** Returns the member that leads, once all are connected and agree; null before that. */
    private static @Nullable RaftHandle leaderOf(List<Member> members) {
        for (Member candidate : members) {
            RaftHandle handle = candidate.handle();
            boolean agreed = members.stream()
                    .allMatch(member -> member.reached() == members.size()
                            && Objects.equals(handle.leader(), member.handle().leader()));
            if (agreed && handle.isLeader()) {
                return handle;
            }
        }
        return null;
    }
}
