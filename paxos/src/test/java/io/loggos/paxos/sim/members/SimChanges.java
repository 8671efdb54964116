package io.loggos.paxos.sim.members;

import io.loggos.api.NodeId;
import io.loggos.api.member.Member;
import io.loggos.api.member.Member.Role;
import io.loggos.api.member.MemberChange;
import io.loggos.api.member.MemberChangeException;
import io.loggos.api.member.Members;
import io.loggos.api.node.JoinOptions;
import io.loggos.api.node.Node;
import io.loggos.paxos.sim.SimCluster;
import io.loggos.paxos.sim.SimNode;
import io.loggos.paxos.sim.SimRun;
import io.loggos.testkit.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An operator who changes the members again and again: nodes join, leave, lose their disks, and take others' places. */
final class SimChanges implements SimRun.Activity {
    /** The most nodes that join in a run. */
    static final int MOST_NEWCOMERS = 6;

    private final SimCluster cluster;
    private final SplittableRandom random;
    private int newcomers;
    private @Nullable SimNode wiped;
    private boolean stopped;
    /** The last time at which a change was asked for. */
    private long askedAtNanos;

    SimChanges(SimCluster cluster, SplittableRandom random) {
        this.cluster = cluster;
        this.random = random;
    }

    @Override
    public void start() {
        cluster.time.after(random.nextLong(1, 8 * cluster.settings().electionNanos()), this::next);
    }

    @Override
    public void stop() {
        stopped = true;
        long election = cluster.settings().electionNanos();
        if (cluster.runUntilTrue(120 * election, this::isSettled) < 0) {
            throw new Violation("MP33", "the last change does not complete: " + standings());
        }
    }

    @Override
    public void atRest() {
        for (SimNode node : cluster.nodes()) {
            Node life = node.running();
            Members members = life == null ? null : life.members();
            if (members != null && members.number() > 1) {
                cluster.note("a node knows another configuration than the first");
            }
        }
    }

    /** True if all members know the same, complete configuration, and nobody is about to vote. */
    private boolean isSettled() {
        long number = 0;
        for (SimNode node : cluster.members()) {
            Node life = node.running();
            if (life == null) {
                return false;
            }
            Members known = life.members();
            if ((number != 0 && known.number() != number)
                    || known.waitsFor() != null
                    || known.members().stream().anyMatch(member -> member.role() == Role.JOINING)
                    || known.number() != cluster.configurationOfAll()) {
                return false;
            }
            number = known.number();
        }
        return true;
    }

    private String standings() {
        StringBuilder text = new StringBuilder();
        for (SimNode node : cluster.nodes()) {
            Node life = node.running();
            text.append('\n').append(node.id).append(' ').append(life == null ? "down" : life.members());
        }
        return text.toString();
    }

    private void next() {
        if (!stopped) {
            SimNode node = anyServing();
            if (node != null) {
                act(node);
            }
            start();
        }
    }

    private @Nullable SimNode anyServing() {
        List<SimNode> serving = cluster.members().stream()
                .filter(node -> node.running() != null && !node.isPaused())
                .toList();
        return serving.isEmpty() ? null : serving.get(random.nextInt(serving.size()));
    }

    private void act(SimNode node) {
        switch (random.nextInt(8)) {
            case 0, 1 -> join(node);
            case 2 -> change(node, MemberChange.remove(anyMember(node).id().value()));
            case 3 -> change(node, MemberChange.promote(anyMember(node).id().value()));
            case 4 -> change(node, MemberChange.demote(anyMember(node).id().value()));
            case 5 -> loseDisk(node);
            case 6 -> several(node);
            default -> change(node, MemberChange.update(anyMember(node).id().value(), "sim:9"));
        }
    }

    private Member anyMember(SimNode node) {
        List<Member> members = node.known().members();
        return members.get(random.nextInt(members.size()));
    }

    private void join(SimNode node) {
        if (newcomers == MOST_NEWCOMERS) {
            return;
        }
        newcomers++;
        JoinOptions wish = switch (random.nextInt(4)) {
            case 0 -> JoinOptions.asLearner();
            case 1, 2 -> JoinOptions.inPlaceOf(anyMember(node).id());
            default -> JoinOptions.voter();
        };
        SimNode newcomer = cluster.add(wish, random.split());
        cluster.trace(newcomer.id, () -> "wants to join: " + wish);
        newcomer.start();
    }

    /**
     * A member loses its disk, and takes its own place with another store. One at a time, as far as a quorum is left.
     *
     * <p>All nodes must know the same members, and no change may be under way: it might need the lost store for its quorum.
     */
    private void loseDisk(SimNode node) {
        Members members = node.known();
        long voters = members.members().stream()
                .filter(member -> member.role() == Role.VOTER)
                .count();
        boolean open = wiped != null && !cluster.members().contains(wiped);
        NodeId id = anyMember(node).id();
        SimNode lost = cluster.node(id.value());
        boolean settled =
                cluster.time.nanos() - askedAtNanos > 4 * cluster.settings().electionNanos()
                        && cluster.members().stream()
                                .allMatch(each -> each.isUp()
                                        && each.known().number() == members.number()
                                        && each.known().waitsFor() == null);
        boolean formed = cluster.nodes().stream()
                .allMatch(each -> each.running() == null || each.known().number() != 1 || each.isFormed());
        if (!formed
                || open
                || voters < 3
                || !settled
                || !lost.isUp()
                || !cluster.members().contains(lost)) {
            return;
        }
        wiped = lost;
        lost.crash(true);
        lost.wipe();
        lost.joins(JoinOptions.inPlaceOf(id));
        lost.start();
    }

    private void several(SimNode node) {
        List<MemberChange> changes = new ArrayList<>();
        for (Member member : node.known().members()) {
            switch (random.nextInt(4)) {
                case 0 -> changes.add(new MemberChange.Remove(member.id()));
                case 1 -> changes.add(new MemberChange.Promote(member.id()));
                default -> {}
            }
        }
        change(node, changes.toArray(MemberChange[]::new));
    }

    private void change(SimNode node, MemberChange... changes) {
        askedAtNanos = cluster.time.nanos();
        Node life = node.running();
        if (life == null) {
            return;
        }
        long number = life.members().number() - (random.nextInt(10) == 0 ? 1 : 0);
        cluster.trace(node.id, () -> "shall change " + number + " by " + List.of(changes));
        CompletableFuture<Members> end = life.changeMembers(number, List.of(changes));
        CompletableFuture<?> unused = end.whenComplete((members, failure) -> {
            if (failure == null) {
                cluster.note("change: done");
            } else if (failure instanceof MemberChangeException refused) {
                cluster.note("change: " + refused.reason());
            } else {
                cluster.note("change: of unknown outcome");
            }
        });
    }
}
