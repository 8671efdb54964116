package io.loggos.benchmarks.systems.jraft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.closure.SynchronizedClosure;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import io.loggos.benchmarks.harness.process.Await;
import io.loggos.benchmarks.harness.workload.Operation;
import io.loggos.benchmarks.systems.consensus.CommandHash;
import io.loggos.benchmarks.systems.consensus.ReplicatedCluster;
import io.loggos.benchmarks.systems.consensus.Settlement;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Three SOFAJRaft nodes in this JVM. */
final class JRaftCluster implements ReplicatedCluster {
    private static final int MEMBERS = 3;

    /** Completes an operation when its command is applied. */
    private record Completion(Operation operation) implements Closure {
        @Override
        public void run(Status status) {
            operation.complete(status.isOk() ? null : new IllegalStateException(status.toString()));
        }
    }

    private final List<Member> members;
    private final Node leader;

    private JRaftCluster(List<Member> members, Node leader) {
        this.members = members;
        this.leader = leader;
    }

    static JRaftCluster open(Path directory) throws Exception {
        List<Member> members = new ArrayList<>();
        try {
            for (int i = 0; i < MEMBERS; i++) {
                members.add(Member.listen());
            }
            List<PeerId> peers = members.stream().map(Member::self).toList();
            for (int i = 0; i < MEMBERS; i++) {
                Path own = Files.createDirectory(directory.resolve("node-" + i));
                members.get(i).start(new Configuration(peers), own);
            }
            Node leader = Await.present("leader", () -> leaderOf(members));
            applyFirst(leader);
            return new JRaftCluster(members, leader);
        } catch (Exception e) {
            close(members);
            throw e;
        }
    }

    @Override
    public void submit(byte[] command, Operation operation) {
        leader.apply(new Task(ByteBuffer.wrap(command), new Completion(operation)));
    }

    @Override
    public List<CommandHash.Value> settledStates() {
        return Settlement.await(members);
    }

    @Override
    public void close() {
        close(members);
    }

    private static void close(List<Member> members) {
        members.forEach(Member::leave);
        members.forEach(Member::close);
    }

    private static void applyFirst(Node leader) throws InterruptedException {
        SynchronizedClosure done = new SynchronizedClosure();
        leader.apply(new Task(ByteBuffer.wrap(new byte[1]), done));
        Status status = done.await();
        if (!status.isOk()) {
            throw new IllegalStateException("the first command: " + status);
        }
    }

    /** Returns the node that leads, once all agree; null before that. */
    private static @Nullable Node leaderOf(List<Member> members) {
        for (Member candidate : members) {
            boolean agreed = members.stream()
                    .allMatch(member -> candidate.self().equals(member.node().getLeaderId()));
            if (agreed && candidate.node().isLeader()) {
                return candidate.node();
            }
        }
        return null;
    }
}
