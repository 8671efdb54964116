package io.loggos.benchmarks.systems.consensus;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.harness.workload.ClosedLoop;
import io.loggos.benchmarks.harness.workload.Measurement;
import io.loggos.benchmarks.harness.workload.Operation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommitWorkloadTest {
    private final Measurement measurement = new Measurement();

    @Test
    void replicasThatAppliedInAnotherOrderDoNotAgree() {
        List<CommandHash.Value> same = List.of(applied("a", "b"), applied("a", "b"));
        assertTrue(CommitWorkload.agree(same, 2, true));
        assertFalse(CommitWorkload.agree(List.of(applied("a", "b"), applied("b", "a")), 2, true));
        assertFalse(CommitWorkload.agree(List.of(applied("a", "b"), applied("a")), 1, false));
        // One that was acknowledged is missing everywhere; then one is there that nobody was told of.
        assertFalse(CommitWorkload.agree(same, 3, false));
        assertFalse(CommitWorkload.agree(same, 1, true));
        assertTrue(CommitWorkload.agree(same, 1, false));
    }

    @Test
    void aSystemThatLosesWhatItAcknowledgedIsFoundOut() throws Exception {
        assertTrue(run(new FakeSystem(Integer.MAX_VALUE)));
        assertFalse(run(new FakeSystem(20)));
    }

    private boolean run(FakeSystem system) throws Exception {
        try (CommitWorkload workload = new CommitWorkload(
                system, Path.of(""), 16, measurement, work -> new ClosedLoop(4, work, measurement))) {
            workload.begin();
            for (int i = 0; i < 10; i++) {
                workload.step();
            }
            workload.end();
            return workload.verify();
        }
    }

    private static CommandHash.Value applied(String... commands) {
        CommandHash hash = new CommandHash();
        for (String command : commands) {
            byte[] bytes = command.getBytes(StandardCharsets.UTF_8);
            hash.apply(bytes, 0, bytes.length);
        }
        return hash.value();
    }

    /** Keeps the first commands that it is given, and acknowledges all. */
    private record FakeSystem(int kept) implements ReplicatedSystem {
        @Override
        public Subject subject() {
            return Subject.system("fake", "Fake", "fake 1.0", "none");
        }

        @Override
        public ReplicatedCluster open(Path directory) {
            List<CommandHash> replicas = List.of(new CommandHash(), new CommandHash(), new CommandHash());
            return new ReplicatedCluster() {
                private int given;

                @Override
                public void submit(byte[] command, Operation operation) {
                    if (given++ < kept) {
                        replicas.forEach(replica -> replica.apply(command, 0, command.length));
                    }
                    operation.complete(null);
                }

                @Override
                public List<CommandHash.Value> settledStates() {
                    return new ArrayList<>(
                            replicas.stream().map(CommandHash::value).toList());
                }

                @Override
                public void close() {}
            };
        }
    }
}
