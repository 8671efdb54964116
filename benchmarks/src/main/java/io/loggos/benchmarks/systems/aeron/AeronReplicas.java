package io.loggos.benchmarks.systems.aeron;

import io.loggos.benchmarks.harness.process.Await;
import io.loggos.benchmarks.harness.workload.Operation;
import io.loggos.benchmarks.systems.consensus.CommandHash;
import io.loggos.benchmarks.systems.consensus.ReplicatedCluster;
import io.loggos.benchmarks.systems.consensus.Settlement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.agrona.CloseHelper;
import org.agrona.IoUtil;
import org.jspecify.annotations.Nullable;

/** Three members in this JVM, and a session with the one that leads. */
final class AeronReplicas implements ReplicatedCluster {
    private static final int MEMBERS = 3;
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private final List<AeronMember> members = new ArrayList<>();
    private final Path memory;
    private final Thread cleaning;
    private @Nullable AeronSession session;

    private AeronReplicas(Path memory) {
        this.memory = memory;
        this.cleaning = new Thread(() -> IoUtil.delete(memory.toFile(), true), "aeron-cleaning");
        // Files left there would occupy memory.
        Runtime.getRuntime().addShutdownHook(cleaning);
    }

    /** Opens the members below an empty directory and returns once a command was applied. */
    static AeronReplicas open(Path directory) throws IOException {
        Path parent = Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY : directory;
        AeronReplicas replicas = new AeronReplicas(Files.createTempDirectory(parent, "loggos-bench-aeron-"));
        try {
            MemberList list = MemberList.ofFree(MEMBERS);
            for (int i = 0; i < MEMBERS; i++) {
                replicas.members.add(new AeronMember(i, list, directory, replicas.memory));
            }
            replicas.session = new AeronSession(AeronMember.mediaDirectory(replicas.memory, replicas.awaitLeader()));
            return replicas;
        } catch (IOException | RuntimeException e) {
            replicas.close();
            throw e;
        }
    }

    private int awaitLeader() {
        return Await.present("leader", () -> {
            for (int i = 0; i < MEMBERS; i++) {
                if (members.get(i).service().leads()) {
                    return i;
                }
            }
            return null;
        });
    }

    private AeronSession session() {
        if (session == null) {
            throw new IllegalStateException("not open");
        }
        return session;
    }

    @Override
    public void submit(byte[] command, Operation operation) {
        session().submit(command, operation);
    }

    @Override
    public List<CommandHash.Value> settledStates() {
        List<Supplier<CommandHash.Value>> states = new ArrayList<>();
        members.forEach(member -> states.add(member.service()::published));
        return Settlement.await(states);
    }

    @Override
    public void close() {
        CloseHelper.close(session);
        CloseHelper.closeAll(members);
        IoUtil.delete(memory.toFile(), true);
        Runtime.getRuntime().removeShutdownHook(cleaning);
    }
}
