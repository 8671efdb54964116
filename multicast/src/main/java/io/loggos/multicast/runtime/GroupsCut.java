package io.loggos.multicast.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.cut.GroupCut;
import io.loggos.internal.loop.EventLoop;
import io.loggos.internal.user.UserCode;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.Submission;
import io.loggos.multicast.runtime.node.RecordedGroups;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * The groups of a node in one global snapshot.
 *
 * <p>The loop has recorded its own state. The application is a process of its own, behind queues. It is recorded when
 * it has been told what was delivered before the cut. Messages that it has sent until then, and that the loop takes
 * afterwards, are in flight between the two.
 */
final class GroupsCut {
    private record Part(GroupCut cut, SendBuffer buffer, SendBuffer.Recording sends) {}

    /** Services that a cut uses. */
    record Services(EventLoop loop, UserCode userCode, long patienceNanos) {}

    private final Services services;
    private final List<Participants.Local> participants;
    private final List<Part> parts = new ArrayList<>();
    private final CompletableFuture<RecordedGroups> recorded = new CompletableFuture<>();

    private GroupsCut(Services services, List<Participants.Local> participants) {
        this.services = services;
        this.participants = participants;
    }

    /**
     * Records the groups of these members and the application as they stand now. Called by the loop.
     *
     * <p>The part of the application completes the future, on the loop's thread.
     *
     * @throws SnapshotException if a group's view is just changing, or it has none
     */
    static CompletableFuture<RecordedGroups> record(
            List<GroupMember> members, List<Participants.Local> participants, Services services, long now) {
        List<GroupCut> cuts = new ArrayList<>();
        for (GroupMember member : members) {
            GroupCut cut = member.process().record(member.group().name());
            if (cut == null || member.isGone() || member.deliveries().fetching() != null || member.isRestoring()) {
                throw new SnapshotException("group \"" + member.group().name() + "\" has no settled view");
            }
            cuts.add(cut);
        }
        GroupsCut all = new GroupsCut(services, participants);
        for (int i = 0; i < members.size(); i++) {
            SendBuffer buffer = members.get(i).group().buffer();
            all.parts.add(new Part(cuts.get(i), buffer, buffer.record()));
        }
        List<ListenersCut.Held> sequences = new ArrayList<>();
        members.forEach(member -> sequences.add(member.deliveries()));
        participants.forEach(participant -> sequences.add(participant.steps()));
        if (sequences.isEmpty()) {
            all.recordApplication();
            return all.recorded;
        }
        ListenersCut cut = new ListenersCut(sequences, all::recordApplication);
        members.forEach(member -> member.deliveries().cut(cut));
        participants.forEach(participant -> participant.steps().cut(cut));
        services.loop.later(now + services.patienceNanos, at -> all.giveUp(cut));
        return all.recorded;
    }

    /** Records the application, which stands still. In the lane that has come last, or by the loop. */
    private void recordApplication() {
        SortedMap<String, Bytes> states = new TreeMap<>();
        String failure = "";
        try {
            states.putAll(Participants.record(participants));
        } catch (Throwable thrown) {
            services.userCode.threw("a recorder", thrown);
            failure = "a recorder threw " + thrown;
        }
        String reason = failure;
        parts.forEach(part -> part.sends.end());
        services.loop.deliver(now -> end(states, reason));
    }

    private void end(SortedMap<String, Bytes> states, String failure) {
        if (recorded.isDone()) {
            return;
        }
        if (!failure.isEmpty()) {
            fail(failure);
            return;
        }
        List<GroupCut> groups = new ArrayList<>();
        for (Part part : parts) {
            List<Submission> sends = part.sends.result();
            if (sends == null) {
                services.loop.submit(now -> end(states, failure));
                return;
            }
            groups.add(withQueued(part.cut, sends));
        }
        recorded.complete(new RecordedGroups(groups, states));
    }

    /** Ends a cut that the application has not come to in time, so that it holds up nobody for longer. */
    private void giveUp(ListenersCut cut) {
        if (!recorded.isDone()) {
            fail(cut.abandon() + " had not returned after " + services.patienceNanos / 1_000_000
                    + " ms, so the application cannot be recorded");
        }
    }

    private void fail(String reason) {
        parts.forEach(part -> part.buffer.forget(part.sends));
        recorded.completeExceptionally(new SnapshotException(reason));
    }

    private static GroupCut withQueued(GroupCut cut, List<Submission> sends) {
        List<GroupCut.Queued> queued = sends.stream()
                .filter(send -> send.content() == Packet.Content.MESSAGES)
                .map(send -> new GroupCut.Queued(send.to(), send.message()))
                .toList();
        return new GroupCut(cut.group(), cut.view(), cut.senders(), cut.order(), cut.kept(), queued);
    }
}
