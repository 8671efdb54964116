package io.loggos.multicast.group.core;

import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.ViewId;
import io.loggos.multicast.group.core.model.GroupEffects;
import io.loggos.multicast.group.core.model.GroupMessage.Next;
import io.loggos.multicast.group.core.model.GroupMessage.Origin;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Entry of one member into a view, and the events that its application is told. */
final class ViewEntry {
    private final Member self;
    private final Next next;
    private final ViewChange change;

    private final long carriedBytes;
    private final long catchUpBytes;

    private ViewEntry(Member self, Next next, long carriedBytes, long catchUpBytes, ViewChange change) {
        this.self = self;
        this.next = next;
        this.carriedBytes = carriedBytes;
        this.catchUpBytes = catchUpBytes;
        this.change = change;
    }

    Member self() {
        return self;
    }

    /** True if this member begins with the state of this view, whatever it has been given before. */
    boolean isFresh() {
        return next.newcomers().contains(self);
    }

    Next next() {
        return next;
    }

    /** Bytes of this member's packets of earlier views that some application has not yet taken. */
    long carriedBytes() {
        return carriedBytes;
    }

    /** What is left of the catch-up of this member, see {@link CatchUp#limitBytes}; -1 if nothing is. */
    long catchUpBytes() {
        return catchUpBytes;
    }

    /** Entry of a joiner. If views merge, the members of its own earlier view enter with it. */
    static ViewEntry joiner(Joining joining, Next next) {
        Member self = joining.member();
        GroupView from = joining.from();
        SortedSet<NodeId> transitional = new TreeSet<>();
        transitional.add(self.node());
        for (Origin origin : next.origins()) {
            if (origin.view().equals(joining.parting())) {
                transitional.add(origin.member().node());
            }
        }
        List<Member> before = from == null ? List.of() : from.members();
        return new ViewEntry(self, next, 0, -1, change(self, next, before, transitional));
    }

    /** Entry of a member of the view before. */
    static ViewEntry survivor(Membership from, List<Member> survivors, Next next) {
        SortedSet<NodeId> transitional = new TreeSet<>();
        transitional.add(from.self().node());
        boolean fresh = next.newcomers().contains(from.self());
        for (Member member : survivors) {
            if (!fresh && next.view().contains(member) && !next.newcomers().contains(member)) {
                transitional.add(member.node());
            }
        }
        List<Member> before = fresh ? List.of() : from.view().members();
        return new ViewEntry(
                from.self(),
                next,
                fresh ? 0 : from.channel().untakenBytes(),
                from.catchUp().limitBytes(),
                change(from.self(), next, before, transitional));
    }

    private static ViewChange change(Member self, Next next, List<Member> before, SortedSet<NodeId> transitional) {
        List<NodeId> joined = new ArrayList<>();
        List<NodeId> left = new ArrayList<>();
        for (Member member : next.view().members()) {
            boolean moved = transitional.contains(member.node());
            if (!before.contains(member) && !(moved && contains(before, member.node()))) {
                joined.add(member.node());
            }
        }
        for (Member member : before) {
            if (!next.view().contains(member) && !transitional.contains(member.node())) {
                left.add(member.node());
            }
        }
        return new ViewChange(next.view().toView(), transitional, joined, left, merged(self, next));
    }

    private static boolean contains(List<Member> members, NodeId node) {
        return members.stream().anyMatch(member -> member.node().equals(node));
    }

    /** The views that merge, each with those of its members that are here; this member's own first. */
    private static List<View> merged(Member self, Next next) {
        TreeMap<ViewId, List<NodeId>> parts = new TreeMap<>();
        TreeMap<ViewId, GroupView> views = new TreeMap<>();
        ViewId own = null;
        for (Origin origin : next.origins()) {
            views.put(origin.view().id(), origin.view());
            parts.computeIfAbsent(origin.view().id(), id -> new ArrayList<>())
                    .add(origin.member().node());
            own = origin.member().equals(self) ? origin.view().id() : own;
        }
        List<View> merged = new ArrayList<>();
        for (GroupView view : views.values()) {
            View part = new View(view.id(), parts.getOrDefault(view.id(), List.of()), view.primary());
            merged.add(view.id().equals(own) ? 0 : merged.size(), part);
        }
        return merged;
    }

    /** Tells the application what to capture or to fetch before the view, and then the view. */
    void tell(GroupEffects effects) {
        Member provider = provider();
        if (!next.newcomers().isEmpty() && self.equals(provider)) {
            effects.captureState(next.view().id());
        }
        if (next.newcomers().contains(self) && provider != null) {
            effects.fetchState(provider.node(), next.view().id());
        }
        effects.install(change);
    }

    /** Member that gives the state to newcomers: the most senior one that has it. */
    private @Nullable Member provider() {
        return next.view().members().stream()
                .filter(member -> !next.newcomers().contains(member))
                .findFirst()
                .orElse(null);
    }
}
