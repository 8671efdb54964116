package io.loggos.multicast.runtime;

import io.loggos.api.group.GroupId;
import io.loggos.internal.loop.EventLoop;
import io.loggos.multicast.group.core.Groups;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Groups of a node that have a member here, and those that wait for one. Used by the loop.
 *
 * <p>A group waits while another member of the same group is not gone yet, and for a while after its listener has
 * thrown.
 */
final class OpenGroups {
    private static final int MOST_DOUBLINGS = 6;

    private final Groups groups;
    private final EventLoop loop;
    private final Duration electionTimeout;
    private final Function<LocalGroup, GroupMember> newMember;

    private final TreeMap<GroupId, GroupMember> members = new TreeMap<>();
    /** Groups that wait for another member of the same group to be gone. */
    private final List<LocalGroup> opening = new ArrayList<>();

    private final List<GroupMember> gone = new ArrayList<>();
    /** Number of times that the listener of a group has thrown. */
    private final TreeMap<GroupId, Integer> failures = new TreeMap<>();

    private boolean closing;

    OpenGroups(Groups groups, EventLoop loop, Duration electionTimeout, Function<LocalGroup, GroupMember> newMember) {
        this.groups = groups;
        this.loop = loop;
        this.electionTimeout = electionTimeout;
        this.newMember = newMember;
    }

    /** Opens a group at the end of the turn, or once the member before is gone. */
    void open(LocalGroup group) {
        opening.add(group);
    }

    /** Members in the order of their groups. */
    Collection<GroupMember> members() {
        return Collections.unmodifiableCollection(members.values());
    }

    /** Member of the group of this id; null if there is none. */
    @Nullable
    GroupMember member(GroupId id) {
        return members.get(id);
    }

    /** Member that was opened for this group of a caller; null if there is none. */
    @Nullable
    GroupMember member(LocalGroup group) {
        GroupMember member = members.get(group.id());
        return member != null && member.group() == group ? member : null;
    }

    /** True if a group is opened soon. */
    boolean isOpening(LocalGroup group) {
        return opening.contains(group);
    }

    /** True if the end of the turn may open a group. */
    boolean hasOpening() {
        return !opening.isEmpty();
    }

    /** Notes that a member has left. */
    void left(GroupMember member) {
        gone.add(member);
    }

    /** Forgets the members that have left, and opens the groups that wait. */
    void endTurn(long now) {
        for (GroupMember member : gone) {
            member.deliveries().publish();
            members.remove(member.group().id());
            groups.close(member.group().id());
            if (!member.group().isClosed()) {
                openAgain(member.group(), now);
            }
        }
        gone.clear();
        for (int i = 0; i < opening.size(); i++) {
            LocalGroup group = opening.get(i);
            if (closing) {
                group.markClosed();
            }
            if (group.isClosed()) {
                group.ended();
                opening.remove(i--);
            } else if (!members.containsKey(group.id())) {
                opening.remove(i--);
                GroupMember member = newMember.apply(group);
                members.put(group.id(), member);
                groups.open(group.id(), member.process(), now);
            }
        }
    }

    /** Opens a group after a wait, which grows each time, since a listener that threw may throw again. */
    private void openAgain(LocalGroup group, long now) {
        int doublings = Math.min(MOST_DOUBLINGS, failures.merge(group.id(), 1, Integer::sum) - 1);
        long wait = electionTimeout.toNanos() << doublings;
        loop.later(now + wait, at -> opening.add(group));
    }

    /** Begins to leave all groups. */
    void close(long at) {
        closing = true;
        opening.forEach(LocalGroup::markClosed);
        for (GroupMember member : List.copyOf(members.values())) {
            member.group().markClosed();
            member.leave(at);
        }
    }

    /** True if this node has left all groups. */
    boolean isClosed() {
        return closing && members.isEmpty();
    }
}
