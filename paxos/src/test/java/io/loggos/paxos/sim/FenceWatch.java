package io.loggos.paxos.sim;

import io.loggos.api.NodeId;
import io.loggos.api.spi.WriteMark;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.storage.testkit.MemoryAcceptorLog;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Watches nodes that come back with an older copy of their disks (RULES.md O-4), and all others for false alarms.
 *
 * <p>A copy that takes part before it has met a peer that knows more is a loss that nobody can see. From then on the run
 * shows nothing, and ends.
 */
public final class FenceWatch {
    /** Ends a run in which a loss could not be seen. */
    static final class UnseenLoss extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private UnseenLoss() {
            super("an older copy takes part, and no node that it has met knows better");
        }
    }

    /**
     * A node with an older copy.
     *
     * @param writes the number of writes that the copy holds
     * @param marks what each peer knew of the node when the copy was put back
     */
    private record Loss(long writes, Map<NodeId, WriteMark> marks) {}

    private final SimCluster cluster;
    private final Map<NodeId, Loss> losses = new TreeMap<>();
    /** The nodes whose disks lack a life that has begun. */
    private final Set<NodeId> lostLives = new TreeSet<>();

    private boolean unseen;

    FenceWatch(SimCluster cluster) {
        this.cluster = cluster;
    }

    /** A node is about to lose what a copy of its disk lacks. A life that wrote nothing may be all. */
    void putBack(SimNode node, MemoryAcceptorLog copy) {
        long writes = copy.syncedWrites();
        if (!node.disk().lives().equals(copy.lives())) {
            lostLives.add(node.id);
        }
        if (node.disk().syncedWrites() <= writes) {
            losses.remove(node.id);
            return;
        }
        Map<NodeId, WriteMark> marks = new TreeMap<>();
        for (SimNode peer : cluster.nodes()) {
            marks.put(peer.id, peer.disk().markOf(node.id));
        }
        losses.put(node.id, new Loss(writes, marks));
        cluster.logs().forEach(log -> log.ghost().returnsOlder(node.id.value()));
        cluster.note("an older copy is put back");
    }

    /** True if the disk of a node must not be used any more. */
    public static boolean isFenced(SimNode node) {
        return node.disk().fenced().isPresent();
    }

    /** True if a peer still remembers a write that an older copy lacks. */
    boolean isKnown(SimNode node) {
        Loss loss = losses.get(node.id);
        return loss != null && cluster.nodes().stream().anyMatch(peer -> knows(peer, node, loss));
    }

    private static boolean knows(SimNode peer, SimNode node, Loss loss) {
        WriteMark mark = peer.disk().markOf(node.id);
        return mark.writes() > loss.writes() && mark.equals(loss.marks().get(peer.id));
    }

    /** MP24: a node whose disk has lost neither a write nor a life is not fenced. */
    void check() {
        for (SimNode node : cluster.nodes()) {
            if (isFenced(node) && !losses.containsKey(node.id) && !lostLives.contains(node.id)) {
                throw cluster.ghost()
                        .violate(
                                "MP24",
                                node.id + " is fenced without a cause: "
                                        + node.disk().fenced());
            }
        }
        if (unseen) {
            cluster.note("an older copy takes part unseen");
            throw new UnseenLoss();
        }
    }

    /** MP25: a fenced node sends nothing. One with an older copy takes part only if no peer that it met knows better. */
    void sends(SimNode node, PaxosMessage message) {
        Loss loss = losses.get(node.id);
        if (loss == null) {
            return;
        }
        if (isFenced(node)) {
            throw cluster.ghost().violate("MP25", node.id + " is fenced and sends " + message);
        }
        for (SimNode peer : cluster.nodes()) {
            if (node.hasContact(peer.id) && knows(peer, node, loss)) {
                throw cluster.ghost()
                        .violate("MP25", node.id + " has an older copy, and " + peer.id + " does not fence it");
            }
        }
        unseen |= message instanceof PaxosMessage.Prepare
                || message instanceof PaxosMessage.Promise
                || message instanceof PaxosMessage.Accept
                || message instanceof PaxosMessage.Accepted;
    }

    /** True once a loss takes part that nobody can see. What follows in the same event shows nothing. */
    boolean isUnseen() {
        return unseen;
    }

    /** MP25 at rest: everybody has met everybody, so that a loss which a peer remembers has fenced the node. */
    void checkAtRest() {
        for (SimNode node : cluster.nodes()) {
            if (isKnown(node) && !isFenced(node)) {
                throw cluster.ghost().violate("MP25", node.id + " has an older copy and is not fenced");
            }
            if (isFenced(node)) {
                cluster.note("an older copy is fenced");
            }
        }
    }
}
