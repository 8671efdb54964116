package io.loggos.paxos.synchronous;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.api.Bytes;
import io.loggos.api.node.Node;
import io.loggos.testkit.network.FreePorts;
import io.loggos.testkit.network.LocalNodes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs among three whole nodes in this JVM. */
class AgreementOfNodesTest {
    private static final int NODES = 3;

    /** Above the time in which a view changes. */
    private static final Duration ROUND = Duration.ofMillis(1500);

    @TempDir
    Path directory;

    private final List<Node> nodes = new ArrayList<>();
    private final List<SynchronousAgreement> members = new ArrayList<>();

    @AfterEach
    void closeAll() {
        members.forEach(SynchronousAgreement::close);
        nodes.forEach(Node::close);
    }

    @Test
    void nodesAgreeAlsoWhenOneIsClosedInARun() throws Exception {
        openAll();
        List<CompletableFuture<Bytes>> decisions = decideAll(1);
        for (CompletableFuture<Bytes> decision : decisions) {
            assertEquals("n1", decision.get(30, TimeUnit.SECONDS).toUtf8());
        }

        List<CompletableFuture<Bytes>> orphans = decideAll(2);
        nodes.get(0).close();

        Bytes decided = orphans.get(1).get(30, TimeUnit.SECONDS);
        assertEquals(decided, orphans.get(2).get(30, TimeUnit.SECONDS));
        assertEquals(
                1, List.of("n1", "n2").stream().filter(decided.toUtf8()::equals).count(), "proposed by a member");
    }

    private List<CompletableFuture<Bytes>> decideAll(long number) {
        return members.stream().map(member -> member.decide(number)).toList();
    }

    /** Each node proposes its id. */
    private void openAll() {
        List<Integer> ports = FreePorts.draw(NODES);
        for (int id = 1; id <= NODES; id++) {
            Node node = LocalNodes.builder(id, ports, directory).open();
            nodes.add(node);
            members.add(SynchronousAgreement.join(
                    node, "agreement", 1, ROUND, number -> Bytes.utf8(node.id().toString())));
        }
        Awaitility.await("primary views of all members")
                .atMost(Duration.ofSeconds(60))
                .until(() -> members.stream()
                        .allMatch(member -> member.view().stream()
                                .anyMatch(
                                        view -> view.primary() && view.members().size() == NODES)));
    }
}
