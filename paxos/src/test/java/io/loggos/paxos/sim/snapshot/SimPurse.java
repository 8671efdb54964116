package io.loggos.paxos.sim.snapshot;

import io.loggos.api.Bytes;
import io.loggos.api.LoggosException;
import io.loggos.api.NodeId;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewChange;
import io.loggos.api.node.Node;
import io.loggos.api.snapshot.Participant;
import io.loggos.api.snapshot.Recorder;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.paxos.sim.SimCluster;
import io.loggos.paxos.sim.SimNode;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Application whose state is tokens that go from node to node in the messages of a group. Each view begins with new ones, the
 * same number at each member. Within a view none is lost and none made, since a failure ends the view.
 */
final class SimPurse implements GroupListener, Recorder {
    static final String GROUP = "purses";
    static final String PARTICIPANT = "purse";
    static final int MINTED = 12;

    /**
     * Tokens that a member holds.
     *
     * @param view the counter of the view that they were made in
     */
    record Held(long view, List<Integer> tokens) {
        static Held of(Bytes bytes) {
            ByteReader reader = new ByteReader(bytes);
            long view = reader.getLong();
            List<Integer> tokens = new ArrayList<>();
            for (int left = reader.getInt(); left > 0; left--) {
                tokens.add(reader.getInt());
            }
            reader.end();
            return new Held(view, tokens);
        }
    }

    /**
     * A token on its way.
     *
     * @param to whose it is
     */
    record Gift(long view, int token, NodeId to) {
        static Gift of(Bytes bytes) {
            ByteReader reader = new ByteReader(bytes);
            Gift gift = new Gift(reader.getLong(), reader.getInt(), reader.getNode());
            reader.end();
            return gift;
        }

        Bytes toBytes() {
            return new ByteWriter(16)
                    .putLong(view)
                    .putInt(token)
                    .putInt(to.value())
                    .toBytes();
        }
    }

    private final SimCluster cluster;
    private final SimNode node;
    private final int life;
    private final SplittableRandom random;
    private final Participant participant;
    private final Group group;
    private final TreeSet<Integer> tokens = new TreeSet<>();
    private @Nullable View view;

    SimPurse(SimCluster cluster, SimNode node, Node started, Ordering ordering, SplittableRandom random) {
        this.cluster = cluster;
        this.node = node;
        this.life = node.life();
        this.random = random;
        this.participant = started.participant(PARTICIPANT, this);
        this.group = started.join(GROUP, ordering, this);
        giveLater();
    }

    private boolean lives() {
        return node.isUp() && node.life() == life;
    }

    private void giveLater() {
        cluster.time.after(random.nextLong(500_000, 8_000_000), () -> {
            if (lives()) {
                participant.execute(this::give);
                giveLater();
            }
        });
    }

    private void give() {
        View now = view;
        if (now == null || tokens.isEmpty()) {
            return;
        }
        NodeId to = now.members().get(random.nextInt(now.members().size()));
        int token = tokens.first();
        Bytes gift = new Gift(now.id().counter(), token, to).toBytes();
        try {
            if (random.nextBoolean()) {
                group.multicast(gift);
            } else {
                group.send(to, gift);
            }
            tokens.remove(token);
        } catch (LoggosException e) {
            cluster.trace(node.id, () -> "keeps a token: " + e.getMessage());
        }
    }

    @Override
    public void onMessage(NodeId from, Bytes message) {
        Gift gift = Gift.of(message);
        if (view != null && gift.view() == view.id().counter() && gift.to().equals(node.id)) {
            if (!tokens.add(gift.token())) {
                throw cluster.ghost().violate("VS5", node.id + " is given token " + gift.token() + " twice");
            }
            if (random.nextInt(3) == 0) {
                give();
            }
        }
    }

    @Override
    public void onView(ViewChange change) {
        view = change.view();
        tokens.clear();
        for (int i = 0; i < MINTED; i++) {
            tokens.add(node.id.value() * MINTED + i);
        }
    }

    @Override
    public void onEvicted(String reason) {
        view = null;
        tokens.clear();
    }

    @Override
    public Bytes record() {
        View now = view;
        ByteWriter writer =
                new ByteWriter(64).putLong(now == null ? 0 : now.id().counter()).putInt(tokens.size());
        tokens.forEach(writer::putInt);
        return writer.toBytes();
    }
}
