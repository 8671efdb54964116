package io.loggos.paxos.runtime.events;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.api.NodeId;
import io.loggos.api.node.NodeEvent;
import io.loggos.internal.user.Lane;
import io.loggos.internal.user.UserCode;
import io.loggos.multicast.Connectivity;
import io.loggos.testkit.network.MemoryRoster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** Changes of contact are told once, however often they are noticed. */
class PeerWatchTest {
    private static final NodeId N1 = NodeId.of(1);
    private static final NodeId N2 = NodeId.of(2);
    private static final NodeId N3 = NodeId.of(3);
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final List<NodeEvent> told = new ArrayList<>();
    private final Set<NodeId> up = new TreeSet<>();
    private final MemoryRoster roster = new MemoryRoster(1);
    private final EventFeed feed = new EventFeed(N1, new Here());
    private final PeerWatch watch = new PeerWatch(N1, List.of(N1, N2, N3), roster, feed);

    /** Runs everything at once. */
    private static final class Here implements UserCode {
        @Override
        public Lane lane(String name) {
            Lane[] made = new Lane[1];
            made[0] = new Lane(() -> made[0].drain(Integer.MAX_VALUE), () -> {});
            return made[0];
        }

        @Override
        public Lane lane(String name, Executor executor) {
            return lane(name);
        }

        @Override
        public void answer(Runnable completion) {
            completion.run();
        }

        @Override
        public void threw(String source, Throwable cause) {
            throw new AssertionError(source, cause);
        }
    }

    private void graph(NodeId... nodes) {
        up.clear();
        up.addAll(List.of(nodes));
        watch.connectivity(new Connectivity() {
            @Override
            public boolean connected(NodeId peer) {
                return up.contains(peer);
            }

            @Override
            public boolean connected(NodeId one, NodeId other) {
                return false;
            }
        });
    }

    private List<NodeEvent> news() {
        List<NodeEvent> news = List.copyOf(told);
        told.clear();
        return news;
    }

    @Test
    void aPeerThatFailsAThousandTimesIsToldOnce() {
        feed.add(told::add);
        for (int i = 0; i < 1_000; i++) {
            watch.connectFailed(N2, i % 2 == 0 ? "refused" : "timeout", i);
        }
        assertEquals(List.of(new NodeEvent.PeerUnreachable(N2, "refused")), news());
        watch.connectFailed(N2, "refused", MINUTE);
        assertEquals(List.of(), news());
        watch.connectFailed(N2, "no such host", MINUTE);
        assertEquals(List.of(new NodeEvent.PeerUnreachable(N2, "no such host")), news());
    }

    @Test
    void contactAndQuorumAreToldWhenTheyChange() {
        feed.add(told::add);
        watch.begin();
        assertEquals(List.of(new NodeEvent.Waiting(new TreeSet<>(List.of(N2, N3)))), news());
        roster.rememberedBy(N2);
        graph(N2);
        graph(N2);
        assertEquals(
                List.of(
                        new NodeEvent.PeerReachable(N2),
                        new NodeEvent.QuorumBack(new TreeSet<>(List.of(N1, N2))),
                        new NodeEvent.Waiting(new TreeSet<>(List.of(N3)))),
                news());
        watch.connectFailed(N2, "it has a connection of its own", 0);
        assertEquals(List.of(), news());
        graph(N3);
        assertEquals(2, news().size(), "the majority is another one");
        graph();
        assertEquals(
                List.of(
                        new NodeEvent.PeerUnreachable(N3, "its connection has ended, or it is silent"),
                        new NodeEvent.QuorumLost(new TreeSet<>(List.of(N1)), 2)),
                news());
        watch.connectFailed(N3, "refused", 0);
        assertEquals(List.of(new NodeEvent.PeerUnreachable(N3, "refused")), news());
        assertEquals("node 1 of 3 in contact, 2 needed; a new cluster waits for node 3", watch.reach());
        roster.rememberedBy(N3);
        watch.formed();
        assertEquals(List.of(new NodeEvent.Formed()), news());
        assertEquals("node 1 of 3 in contact, 2 needed", watch.reach());
        feed.ready().join();
    }
}
