package io.loggos.multicast.group.core;

import io.loggos.api.NodeId;
import io.loggos.multicast.Connectivity;
import io.loggos.multicast.group.core.model.GroupMessage.Join;
import io.loggos.multicast.group.core.model.GroupSettings;
import io.loggos.multicast.group.core.model.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Decision of a node that looks for its group whether to found it, and with which members (RULES.md V-26).
 *
 * <p>The first view has the founders that were named. If none were, it has all nodes that are up, or after an election
 * timeout a majority of them. After the founding timeout, it has those that have come.
 */
final class Founding {
    private record Candidate(Member member, long heardNanos) {}

    private final GroupSettings settings;
    private final Connectivity connectivity;
    private final Member self;
    private long sinceNanos;
    private final TreeMap<NodeId, Candidate> candidates = new TreeMap<>();

    Founding(GroupSettings settings, Connectivity connectivity, Member self, long now) {
        this.settings = settings;
        this.connectivity = connectivity;
        this.self = self;
        this.sinceNanos = now;
    }

    /** Begins to wait: before, this node may not look. */
    void begin(long now) {
        sinceNanos = now;
    }

    /** Notes that another node looks for the group too. */
    void onJoin(Join join, long now) {
        if (join.from() == null && settings.admits(join)) {
            candidates.put(join.member().node(), new Candidate(join.member(), now));
        }
    }

    /** Members of the first view, this one before the others. */
    List<Member> members(long now) {
        List<Member> members = new ArrayList<>();
        members.add(self);
        for (Candidate candidate : candidates.values()) {
            boolean looks = now - candidate.heardNanos <= settings.electionNanos();
            if (looks && connectivity.connected(candidate.member.node())) {
                members.add(candidate.member);
            }
        }
        return members;
    }

    /** Time after which it is founded with those that have come. */
    static long longestNanos(GroupSettings settings) {
        return settings.options().foundingTimeout().toNanos();
    }

    /** True if those that have come are enough. */
    boolean isDue(long now) {
        long waited = now - sinceNanos;
        if (waited >= longestNanos(settings)) {
            return true;
        }
        Set<NodeId> present = new TreeSet<>();
        members(now).forEach(member -> present.add(member.node()));
        Set<NodeId> founders = settings.options().founders();
        if (!founders.isEmpty()) {
            return present.containsAll(founders);
        }
        long up = settings.nodes().stream()
                .filter(node -> node.equals(settings.self()) || connectivity.connected(node))
                .count();
        return settings.hasMajority(connectivity)
                && (present.size() == up || (waited > settings.electionNanos() && 2L * present.size() > up));
    }
}
