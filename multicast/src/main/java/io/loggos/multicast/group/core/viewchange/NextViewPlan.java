package io.loggos.multicast.group.core.viewchange;

import io.loggos.api.NodeId;
import io.loggos.api.group.PartitionPolicy;
import io.loggos.api.group.ViewId;
import io.loggos.multicast.Connectivity;
import io.loggos.multicast.group.core.model.GroupMessage.Flushed;
import io.loggos.multicast.group.core.model.GroupMessage.Join;
import io.loggos.multicast.group.core.model.GroupMessage.Next;
import io.loggos.multicast.group.core.model.GroupMessage.Origin;
import io.loggos.multicast.group.core.model.GroupSettings;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Member;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Plan of the next view: knowledge of members that failed or want to leave, and of nodes that want to join or to merge.
 */
public final class NextViewPlan {
    private record Candidate(Join join, long sinceNanos, long heardNanos) {}

    private record Rival(GroupView view, NodeId teller, long heardNanos) {}

    private record Pair(NodeId one, NodeId other) implements Comparable<Pair> {
        @Override
        public int compareTo(Pair that) {
            int byOne = one.compareTo(that.one);
            return byOne != 0 ? byOne : other.compareTo(that.other);
        }
    }

    private final GroupSettings settings;
    private final Connectivity connectivity;
    private final GroupView view;
    private final Member self;
    private final TreeMap<NodeId, Candidate> candidates = new TreeMap<>();
    private final Set<Member> leavers = new LinkedHashSet<>();
    /** Members that are not to go on: they hold up the others, do not answer, or have been replaced. */
    private final Set<Member> excluded = new LinkedHashSet<>();
    /** Members that, as far as is known here, wait for the state. */
    private final Set<Member> stateless;
    /** Time since which two members have, by their own words, had no contact with each other. */
    private final TreeMap<Pair, Long> apart = new TreeMap<>();

    private @Nullable Rival rival;
    /** Time at which a view that is not primary next asks to become it. */
    private long nextClaimNanos;

    /** @param newcomers the members that are given the state in this view */
    public NextViewPlan(
            GroupSettings settings,
            Connectivity connectivity,
            GroupView view,
            List<Member> newcomers,
            Member self,
            long now) {
        this.settings = settings;
        this.connectivity = connectivity;
        this.view = view;
        this.stateless = new LinkedHashSet<>(newcomers);
        this.self = self;
        this.nextClaimNanos = now + settings.electionNanos();
    }

    public void onJoin(Join join, long now) {
        NodeId node = join.member().node();
        Member before = view.on(node);
        if (before != null && before.isReturnOf(join.member())) {
            // It has been admitted since.
            return;
        }
        if (before != null && !before.equals(join.member())) {
            excluded.add(before);
        }
        Candidate known = candidates.get(node);
        long since = known != null && known.join.member().equals(join.member()) ? known.sinceNanos : now;
        candidates.put(node, new Candidate(join, since, now));
    }

    public void onLeave(Member member) {
        if (view.contains(member)) {
            leavers.add(member);
        }
    }

    /** Notes that no member of a node up to this life takes part (RULES.md V-19). */
    public void onAbsent(NodeId node, long throughLife) {
        Candidate candidate = candidates.get(node);
        if (candidate != null && candidate.join.member().life() <= throughLife) {
            candidates.remove(node);
        }
        Member member = view.on(node);
        if (member != null && member.life() <= throughLife) {
            exclude(member);
        }
    }

    /** Notes that a newcomer has the state. */
    public void onRestored(Member member) {
        stateless.remove(member);
    }

    public void exclude(Member member) {
        if (view.contains(member) && !member.equals(self)) {
            excluded.add(member);
        }
    }

    /** Notes that another view of the group exists beside this one. */
    public void onRival(NodeId teller, GroupView other, long now) {
        Member before = view.on(teller);
        if (before != null) {
            // Its node lives, but that member does not.
            excluded.add(before);
        }
        if (isBetter(other, view)
                && (rival == null || rival.view.id().equals(other.id()) || !isBetter(rival.view, other))) {
            rival = new Rival(other, teller, now);
        }
    }

    /**
     * True if, of two views that are to merge, the others join the first one.
     *
     * <p>The view that comes from the later primary view comes first. A view that is called primary and comes from an
     * earlier one is over, and the message about it is old.
     */
    private static boolean isBetter(GroupView one, GroupView other) {
        if (one.isAhead(other.base()) != other.isAhead(one.base())) {
            return one.isAhead(other.base());
        }
        if (one.primary() != other.primary()) {
            return one.primary();
        }
        if (one.size() != other.size()) {
            return one.size() > other.size();
        }
        return one.id().compareTo(other.id()) > 0;
    }

    /** Looks at the contacts between the members, and forgets what is no longer repeated. */
    public void tick(long now) {
        candidates.values().removeIf(candidate -> now - candidate.heardNanos > settings.electionNanos());
        if (rival != null && now - rival.heardNanos > 2 * settings.electionNanos()) {
            rival = null;
        }
        for (Member one : view.members()) {
            for (Member other : view.members()) {
                Pair pair = new Pair(one.node(), other.node());
                if (!one.equals(other)
                        && connectivity.connected(one.node())
                        && connectivity.connected(other.node())
                        && !connectivity.connected(one.node(), other.node())) {
                    apart.putIfAbsent(pair, now);
                } else {
                    apart.remove(pair);
                }
            }
        }
    }

    /** True if this member is the most senior of those that it takes for alive. */
    public boolean isCoordinator() {
        return isMostSenior(self);
    }

    /** True if no member that is senior to the given one is, as far as can be seen, alive. */
    public boolean isMostSenior(Member member) {
        return view.members().stream()
                .takeWhile(senior -> !senior.equals(member))
                .noneMatch(this::isAlive);
    }

    /** The most senior member that is alive. */
    public Member mostSenior() {
        return view.members().stream().filter(this::isAlive).findFirst().orElse(self);
    }

    public boolean isAlive(Member member) {
        return member.equals(self) || (!excluded.contains(member) && connectivity.connected(member.node()));
    }

    /** Members that can go on together: by seniority, each that has contact with all chosen before. */
    public List<Member> survivors(long now) {
        List<Member> chosen = new ArrayList<>();
        for (Member member : view.members()) {
            if (isAlive(member) && chosen.stream().noneMatch(other -> areApart(other, member, now))) {
                chosen.add(member);
            }
        }
        if (!chosen.contains(self)) {
            chosen.add(self);
        }
        return chosen;
    }

    private boolean areApart(Member one, Member other, long now) {
        return isLong(apart.get(new Pair(one.node(), other.node())), now)
                || isLong(apart.get(new Pair(other.node(), one.node())), now);
    }

    private boolean isLong(@Nullable Long since, long now) {
        return since != null && now - since >= settings.electionNanos() / 2;
    }

    /** True if the view has to change. */
    public boolean isChangeDue(long now) {
        return !survivors(now).equals(view.members())
                || mayLeave()
                || !joiners(now, true).isEmpty()
                || target(now) != null
                || isClaimDue(now);
    }

    /** True if the next view would be without a member that wants to leave. */
    private boolean mayLeave() {
        Member keeper = keeper(this::isAlive, member -> !stateless.contains(member));
        return leavers.stream().anyMatch(leaver -> !leaver.equals(keeper));
    }

    /**
     * True if this member wants to leave, and others that stay wait for the state that it alone has (RULES.md V-19).
     */
    public boolean isKeeper() {
        boolean others = stateless.stream()
                .anyMatch(member -> !member.equals(self) && !leavers.contains(member) && isAlive(member));
        return others
                && leavers.contains(self)
                && keeper(this::isAlive, member -> !stateless.contains(member)).equals(self);
    }

    /** True if the view is primary without a majority, or might become primary. */
    private boolean isClaimDue(long now) {
        return view.primary()
                ? !settings.hasMajority(connectivity)
                : settings.hasMajority(connectivity) && now >= nextClaimNanos;
    }

    /** The view to dissolve into; null if there is none, or some member could not follow. */
    private @Nullable GroupView target(long now) {
        Rival other = rival;
        if (other == null || now - other.heardNanos > settings.electionNanos()) {
            return null;
        }
        NodeId teller = other.teller;
        for (Member member : survivors(now)) {
            if (!connectivity.connected(teller) || (!member.equals(self) && !areInContact(teller, member.node()))) {
                return null;
            }
        }
        return other.view;
    }

    private boolean areInContact(NodeId one, NodeId other) {
        return connectivity.connected(one, other) && connectivity.connected(other, one);
    }

    /**
     * Nodes that want to join and have contact with all survivors.
     *
     * @param due if true, only nodes that have waited a little, so that joiners can gather
     */
    private List<Join> joiners(long now, boolean due) {
        List<Join> joiners = new ArrayList<>();
        List<Member> survivors = survivors(now);
        for (Candidate candidate : candidates.values()) {
            Join join = candidate.join;
            NodeId node = join.member().node();
            long gatherNanos = join.from() == null ? settings.heartbeatNanos() / 2 : 2 * settings.heartbeatNanos();
            boolean fits = !view.contains(join.member())
                    && connectivity.connected(node)
                    && survivors.stream()
                            .allMatch(member -> member.equals(self)
                                    || member.node().equals(node)
                                    || areInContact(member.node(), node));
            if (fits && (!due || now - candidate.sinceNanos >= gatherNanos)) {
                joiners.add(join);
            }
        }
        return joiners;
    }

    /**
     * Composes the view after this one from the survivors.
     *
     * <p>If none of them has the state, all are newcomers, and will look for the group anew.
     */
    public Next next(ViewId id, Map<Member, Flushed> digests, long now) {
        List<Member> members = new ArrayList<>();
        List<Member> newcomers = new ArrayList<>();
        List<Origin> origins = new ArrayList<>();
        Member keeper = keeper(digests::containsKey, member -> hasState(digests.get(member)));
        for (Member member : view.members()) {
            Flushed digest = digests.get(member);
            if (digest != null && (!leavers.contains(member) || member.equals(keeper))) {
                members.add(member);
                origins.add(new Origin(member, view));
                if (!digest.hasState()) {
                    newcomers.add(member);
                }
            }
        }
        GroupView target = target(now);
        boolean stateIsLost = newcomers.size() == members.size() && !members.isEmpty();
        if (stateIsLost) {
            return new Next(new GroupView(id, members, false, view.base()), newcomers, List.of(), null);
        }
        if (target != null) {
            return new Next(new GroupView(id, members, false, view.base()), List.of(), List.of(), target);
        }
        boolean merges = false;
        for (Join join : joiners(now, false)) {
            members.removeIf(member -> member.node().equals(join.member().node()));
            members.add(join.member());
            if (join.from() != null && settings.options().partitionPolicy() == PartitionPolicy.CONTINUE) {
                origins.add(new Origin(join.member(), join.from()));
                merges = true;
            } else if (settings.isStateful()) {
                newcomers.add(join.member());
            }
        }
        newcomers.retainAll(members);
        return new Next(new GroupView(id, members, true, view.base()), newcomers, merges ? origins : List.of(), null);
    }

    private static boolean hasState(@Nullable Flushed digest) {
        return digest != null && digest.hasState();
    }

    /**
     * Member that leaves later, if all that have the state want to leave.
     *
     * <p>A view has a member, and newcomers are given the state.
     */
    private Member keeper(Predicate<Member> isThere, Predicate<Member> hasState) {
        Member keeper = null;
        for (Member member : view.members()) {
            if (isThere.test(member) && hasState.test(member)) {
                if (!leavers.contains(member)) {
                    return member;
                }
                keeper = keeper == null ? member : keeper;
            }
        }
        return keeper == null ? self : keeper;
    }
}
