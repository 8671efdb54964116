package io.loggos.multicast.group.core;

import io.loggos.api.NodeId;
import io.loggos.api.group.ViewId;
import io.loggos.multicast.group.core.model.Attempt;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupMessage.Next;
import io.loggos.multicast.group.core.model.GroupMessage.Trim;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.Proposal;
import io.loggos.multicast.group.core.model.VectorClock;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Rules that every message keeps, whatever its sender knows (RULES.md O-9).
 *
 * <p>It speaks for its sender, with ranks of its view. If it names nodes that are no members of the cluster here, it is
 * passed over: its sender may know other members, and learns over the same link that they have changed.
 *
 * <p>A message that breaks one is not handled at all, so that no rule has to be checked while the state changes.
 */
final class MessageRules implements GroupMessage.Handler {
    /** Numbers beyond this one are absurd: what counts on from them might overflow. */
    private static final long MOST_NUMBER = 1L << 62;

    private final SortedSet<NodeId> nodes;
    private @Nullable GroupView present;
    private @Nullable String broken;
    private boolean foreign;

    MessageRules(SortedSet<NodeId> nodes) {
        this.nodes = nodes;
    }

    /**
     * Returns what is wrong with a message; null if it keeps the rules.
     *
     * @param view the present view of the receiver; null if there is none
     */
    @Nullable
    String broken(NodeId from, GroupMessage message, @Nullable GroupView view) {
        present = message instanceof GroupMessage.InView in
                        && view != null
                        && view.id().equals(in.view())
                ? view
                : null;
        broken = null;
        foreign = false;
        message.dispatch(from, this);
        return broken;
    }

    /** True if the last message names a node that is no member of the cluster, as far as this node knows. */
    boolean namesStranger() {
        return foreign;
    }

    private void unless(boolean holds, String what) {
        if (!holds && broken == null) {
            broken = what;
        }
    }

    private void isOf(NodeId from, NodeId speaker) {
        unless(speaker.equals(from), "speaks for another node");
    }

    private void isSane(long number) {
        unless(number <= MOST_NUMBER, "an absurd number");
    }

    private void isSane(Attempt attempt) {
        isSane(attempt.round());
        foreign |= !nodes.contains(attempt.coordinator());
    }

    private void areNodes(Collection<Member> members) {
        foreign |= !members.stream().allMatch(member -> nodes.contains(member.node()));
    }

    private void isSane(@Nullable GroupView view) {
        if (view != null) {
            areNodes(view.members());
            isSane(view.id().counter());
            ViewId base = view.base();
            isSane(base == null ? 0 : base.counter());
        }
    }

    private void isSane(ViewId before, Next next) {
        isSane(next.view());
        isSane(next.into());
        next.origins().forEach(origin -> {
            areNodes(List.of(origin.member()));
            isSane(origin.view());
        });
        unless(next.view().members().containsAll(next.newcomers()), "a newcomer that is no member");
        unless(next.view().id().compareTo(before) > 0, "a next view that is not above the last");
    }

    private void isSane(Proposal proposal) {
        isSane(proposal.view());
        isSane(proposal.attempt());
    }

    private void hasRanks(VectorClock clock) {
        GroupView view = present;
        unless(view == null || clock.size() == view.size(), "a clock of other ranks");
    }

    private void isSane(Trim trim) {
        GroupView view = present;
        isSane(trim.attempt());
        isSane(trim.view(), trim.next());
        hasRanks(trim.union());
        unless(trim.digests().size() == trim.survivors().size(), "a survivor without a digest");
        trim.digests().stream().filter(digest -> digest.size() > 0).forEach(this::hasRanks);
        unless(view == null || view.members().containsAll(trim.survivors()), "a survivor that was no member");
    }

    @Override
    public void onPacket(NodeId from, Packet packet) {
        GroupView view = present;
        unless(view == null || packet.fits(view.size()), "a packet that does not fit the view");
    }

    @Override
    public void onJoin(NodeId from, GroupMessage.Join join) {
        isOf(from, join.member().node());
        isSane(join.counter());
        isSane(join.from());
    }

    @Override
    public void onLeave(NodeId from, GroupMessage.Leave leave) {
        isOf(from, leave.member().node());
    }

    @Override
    public void onAbsent(NodeId from, GroupMessage.Absent absent) {}

    @Override
    public void onPresence(NodeId from, GroupMessage.Presence presence) {
        Member member = presence.member();
        isOf(from, member == null ? from : member.node());
        isSane(presence.view());
    }

    @Override
    public void onRefused(NodeId from, GroupMessage.Refused refused) {}

    @Override
    public void onReceived(NodeId from, GroupMessage.Received ack) {}

    @Override
    public void onStable(NodeId from, GroupMessage.Stable stable) {}

    @Override
    public void onRestored(NodeId from, GroupMessage.Restored restored) {}

    @Override
    public void onSuspect(NodeId from, GroupMessage.Suspect suspect) {
        GroupView view = present;
        unless(view == null || view.contains(suspect.member()), "a suspect that is no member");
    }

    @Override
    public void onFlush(NodeId from, GroupMessage.Flush flush) {
        isSane(flush.attempt());
        isOf(from, flush.attempt().coordinator());
    }

    @Override
    public void onFlushed(NodeId from, GroupMessage.Flushed flushed) {
        isSane(flushed.attempt());
        hasRanks(flushed.received());
        Trim trimmed = flushed.trimmed();
        if (trimmed != null) {
            unless(trimmed.view().equals(flushed.view()), "a cut of another view");
            isSane(trimmed);
        }
    }

    @Override
    public void onTrim(NodeId from, Trim trim) {
        isOf(from, trim.attempt().coordinator());
        isSane(trim);
    }

    @Override
    public void onTrimmed(NodeId from, GroupMessage.Trimmed ack) {
        isSane(ack.attempt());
    }

    @Override
    public void onInstall(NodeId from, GroupMessage.Install install) {
        isSane(install.attempt());
        areNodes(install.survivors());
        unless(install.next().view().id().compareTo(install.view()) >= 0, "a next view that is below the last");
        isSane(install.next().view());
        isSane(install.next().into());
    }

    @Override
    public void onAgree(NodeId from, GroupMessage.Agree agree) {
        isSane(agree.proposal());
    }

    @Override
    public void onAgreed(NodeId from, GroupMessage.Agreed agreed) {
        isSane(agreed.proposal());
        isSane(agreed.last());
    }
}
