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
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Application whose state is tokens that go from node to node in the messages of a group. Each view begins with new
 * ones, the same number at each member. Within a view none is lost and none made, since a failure ends the view.
 */
final class SimPurse implements GroupListener, Recorder {
    static final String GROUP = "purses";
    static final String PARTICIPANT = "purse";
    static final int MINTED = 12;

    /**
     * Tokens that a member holds.
     *
     * @param view the counter of the view that they were made in
     * @param received the multicasts that it has received in that view, in order
     * @param multicasts the number of those that it has sent in that view
     */
    record Held(long view, List<Integer> tokens, List<Gift> received, int multicasts) {
        static Held of(Bytes bytes) {
            ByteReader reader = new ByteReader(bytes);
            long view = reader.getLong();
            List<Integer> tokens = new ArrayList<>();
            for (int left = reader.getInt(); left > 0; left--) {
                tokens.add(reader.getInt());
            }
            List<Gift> received = new ArrayList<>();
            for (int left = reader.getInt(); left > 0; left--) {
                received.add(Gift.of(reader.getBytes()));
            }
            int multicasts = reader.getInt();
            reader.end();
            return new Held(view, tokens, received, multicasts);
        }
    }

    /**
     * A token on its way.
     *
     * @param to whose it is
     * @param from who gives it
     * @param number counts the multicasts of the giver in the view, from 1; 0 if it is sent to one member
     * @param seen for each node, by its id, the multicasts that the giver had received from it in the view
     */
    record Gift(long view, int token, NodeId to, NodeId from, int number, List<Integer> seen) {
        static Gift of(Bytes bytes) {
            ByteReader reader = new ByteReader(bytes);
            long view = reader.getLong();
            int token = reader.getInt();
            NodeId to = reader.getNode();
            NodeId from = reader.getNode();
            int number = reader.getInt();
            List<Integer> seen = new ArrayList<>();
            for (int left = reader.getInt(); left > 0; left--) {
                seen.add(reader.getInt());
            }
            reader.end();
            return new Gift(view, token, to, from, number, seen);
        }

        Bytes toBytes() {
            ByteWriter writer = new ByteWriter(64)
                    .putLong(view)
                    .putInt(token)
                    .putInt(to.value())
                    .putInt(from.value())
                    .putInt(number)
                    .putInt(seen.size());
            seen.forEach(writer::putInt);
            return writer.toBytes();
        }
    }

    private final SimCluster cluster;
    private final SimNode node;
    private final int life;
    private final SplittableRandom random;
    private final Participant participant;
    private final Group group;
    private final TreeSet<Integer> tokens = new TreeSet<>();
    private final List<Gift> received = new ArrayList<>();
    private int multicasts;
    private @Nullable View view;
    /** The view whose tokens it holds, which may be one of the cluster that this one was restored from. */
    private long era;

    private boolean restored;
    private boolean calm;

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
        if (now == null || tokens.isEmpty() || calm) {
            return;
        }
        NodeId to = now.members().get(random.nextInt(now.members().size()));
        int token = tokens.first();
        boolean toAll = random.nextBoolean();
        Gift gift = new Gift(era, token, to, node.id, toAll ? multicasts + 1 : 0, seen());
        try {
            if (toAll) {
                group.multicast(gift.toBytes());
                multicasts++;
            } else {
                group.send(to, gift.toBytes());
            }
            tokens.remove(token);
        } catch (LoggosException e) {
            cluster.trace(node.id, () -> "keeps a token: " + e.getMessage());
        }
    }

    private List<Integer> seen() {
        List<Integer> seen = new ArrayList<>();
        for (NodeId each : cluster.ids()) {
            seen.add((int)
                    received.stream().filter(gift -> gift.from().equals(each)).count());
        }
        return seen;
    }

    @Override
    public void onMessage(NodeId from, Bytes message) {
        Gift gift = Gift.of(message);
        if (view != null && gift.view() == era && gift.number() > 0) {
            received.add(gift);
        }
        if (view != null && gift.view() == era && gift.to().equals(node.id)) {
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
        if (restored) {
            return;
        }
        era = change.view().id().counter();
        received.clear();
        multicasts = 0;
        tokens.clear();
        for (int i = 0; i < MINTED; i++) {
            tokens.add(node.id.value() * MINTED + i);
        }
    }

    @Override
    public void onEvicted(String reason) {
        view = null;
        if (!restored) {
            tokens.clear();
        }
    }

    /** Goes on with what it had in a snapshot, in whatever view. */
    @Override
    public void restore(Bytes state) {
        Held held = Held.of(state);
        restored = true;
        era = held.view();
        tokens.addAll(held.tokens());
        received.addAll(held.received());
        multicasts = held.multicasts();
    }

    /** Gives nothing away any more. */
    void calm() {
        calm = true;
    }

    boolean sees(int members) {
        return view != null && view.members().size() == members;
    }

    Set<Integer> tokens() {
        return tokens;
    }

    List<Gift> received() {
        return received;
    }

    @Override
    public Bytes record() {
        ByteWriter writer = new ByteWriter(64).putLong(view == null ? 0 : era).putInt(tokens.size());
        tokens.forEach(writer::putInt);
        writer.putInt(received.size());
        received.forEach(gift -> writer.putBytes(gift.toBytes()));
        writer.putInt(multicasts);
        return writer.toBytes();
    }
}
