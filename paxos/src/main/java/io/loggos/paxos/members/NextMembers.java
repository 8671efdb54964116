package io.loggos.paxos.members;

import io.loggos.api.NodeId;
import io.loggos.api.member.Member.Role;
import io.loggos.api.member.MemberChange;
import io.loggos.api.member.MemberChangeException;
import io.loggos.api.member.MemberChangeException.Reason;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.model.Configuration.Member;
import java.util.List;
import java.util.TreeMap;

/** Makes whole next configurations out of changes. */
public final class NextMembers {
    private final Configuration present;
    private final TreeMap<NodeId, Member> members = new TreeMap<>();

    private NextMembers(Configuration present) {
        this.present = present;
        present.members().forEach(member -> members.put(member.node(), member));
    }

    /**
     * Returns the configuration after these changes.
     *
     * @throws MemberChangeException if one names no member, or no voter is left
     */
    public static Configuration of(Configuration present, List<MemberChange> changes) {
        NextMembers next = new NextMembers(present);
        changes.forEach(next::apply);
        return next.build();
    }

    /**
     * Returns the configuration with a new member, which does not vote.
     *
     * <p>A member with its id is another store, and leaves.
     */
    public static Configuration with(Configuration present, Member newcomer) {
        NextMembers next = new NextMembers(present);
        next.members.put(newcomer.node(), newcomer);
        return next.build();
    }

    /** Returns the configuration in which a joining member votes. The member that it replaces leaves. */
    public static Configuration promoted(Configuration present, Member joining) {
        NextMembers next = new NextMembers(present);
        if (joining.replaces() != 0) {
            next.members.remove(NodeId.of(joining.replaces()));
        }
        next.members.put(joining.node(), joining.in(Role.VOTER));
        return next.build();
    }

    private void apply(MemberChange change) {
        Member member = members.get(change.id());
        if (member == null) {
            throw new MemberChangeException(
                    Reason.INVALID, change.id() + " is no member; the members are " + members.keySet());
        }
        if (change instanceof MemberChange.Remove) {
            members.remove(change.id());
        } else if (change instanceof MemberChange.Promote) {
            members.put(change.id(), member.in(Role.VOTER));
        } else if (change instanceof MemberChange.Demote) {
            members.put(change.id(), member.in(Role.LEARNER));
        } else if (change instanceof MemberChange.Update update) {
            members.put(
                    change.id(),
                    new Member(
                            member.node(),
                            member.incarnation(),
                            update.address().toString(),
                            member.role(),
                            member.replaces()));
        }
    }

    private Configuration build() {
        if (members.values().stream().noneMatch(member -> member.role() == Role.VOTER)) {
            throw new MemberChangeException(Reason.INVALID, "no voter would be left");
        }
        if (members.size() > Configuration.MOST_MEMBERS) {
            throw new MemberChangeException(
                    Reason.INVALID, "a cluster has at most " + Configuration.MOST_MEMBERS + " members");
        }
        return new Configuration(present.number() + 1, List.copyOf(members.values()));
    }
}
