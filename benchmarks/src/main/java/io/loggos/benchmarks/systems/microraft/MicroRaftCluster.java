package io.loggos.benchmarks.systems.microraft;

import io.loggos.benchmarks.harness.process.Await;
import io.loggos.benchmarks.harness.workload.Operation;
import io.loggos.benchmarks.systems.consensus.CommandHash;
import io.loggos.benchmarks.systems.consensus.ReplicatedCluster;
import io.loggos.benchmarks.systems.consensus.Settlement;
import io.microraft.RaftNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Three MicroRaft nodes in this JVM. */
final class MicroRaftCluster implements ReplicatedCluster {
    private static final int MEMBERS = 3;

    private final List<Member> members;
    private final RaftNode leader;

    private MicroRaftCluster(List<Member> members, RaftNode leader) {
        this.members = members;
        this.leader = leader;
    }

    static MicroRaftCluster open(Path directory) throws Exception {
        List<Member> members = new ArrayList<>();
        try {
            Peer[] peers = {new Peer(0), new Peer(1), new Peer(2)};
            for (Peer peer : peers) {
                members.add(new Member(peer, peers, directory.resolve("log-" + peer.number())));
            }
            connect(members);
            for (Member member : members) {
                member.start();
            }
            RaftNode leader = Await.present("leader", () -> leaderOf(members));
            leader.replicate(new byte[1]).get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return new MicroRaftCluster(members, leader);
        } catch (Exception e) {
            members.forEach(Member::close);
            throw e;
        }
    }

    @Override
    public void submit(byte[] command, Operation operation) {
        CompletableFuture<?> future = leader.replicate(command);
        operation.endsWith(future);
    }

    @Override
    public List<CommandHash.Value> settledStates() {
        return Settlement.await(members);
    }

    @Override
    public void close() {
        members.forEach(Member::close);
    }

    private static void connect(List<Member> members) throws IOException {
        for (Member from : members) {
            for (int to = 0; to < MEMBERS; to++) {
                if (members.get(to) != from) {
                    from.transport().connect(to, members.get(to).transport().address());
                }
            }
        }
    }

    /** Returns the node that leads, once all agree; null before that. */
    private static @Nullable RaftNode leaderOf(List<Member> members) {
        int leader = members.get(0).leader();
        boolean agreed = leader >= 0 && members.stream().allMatch(member -> member.leader() == leader);
        return agreed ? members.get(leader).node() : null;
    }
}
