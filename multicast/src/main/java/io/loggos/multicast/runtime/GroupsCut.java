package io.loggos.multicast.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.cut.GroupCut;
import io.loggos.internal.loop.EventLoop;
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
 * <p>The loop has recorded its own state. The application is a process of its own, behind two queues. It is recorded
 * when it has been told what was delivered before the cut. Messages that it has sent until then, and that the loop
 * takes afterwards, are in flight between the two.
 */
final class GroupsCut {
    private record Part(GroupCut cut, SendBuffer buffer, SendBuffer.Recording sends) {}

    private final EventLoop loop;
    private final Participants participants;
    private final List<Part> parts = new ArrayList<>();
    private final CompletableFuture<RecordedGroups> recorded = new CompletableFuture<>();

    private GroupsCut(EventLoop loop, Participants participants) {
        this.loop = loop;
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
            List<GroupMember> members, EventLoop loop, DeliveryAgent deliverer, Participants participants) {
        List<GroupCut> cuts = new ArrayList<>();
        for (GroupMember member : members) {
            GroupCut cut = member.process().record(member.group().name());
            if (cut == null || member.isGone() || member.deliveries().fetching() != null) {
                throw new SnapshotException("group \"" + member.group().name() + "\" has no settled view");
            }
            cuts.add(cut);
        }
        GroupsCut all = new GroupsCut(loop, participants);
        ListenersCut cut = new ListenersCut(deliverer, members.size(), all::recordApplication);
        for (int i = 0; i < members.size(); i++) {
            all.add(cuts.get(i), members.get(i).group().buffer());
            members.get(i).deliveries().cut(cut);
        }
        if (members.isEmpty()) {
            deliverer.execute(all::recordApplication);
        }
        return all.recorded;
    }

    /** Adds a group that has recorded its state. */
    private void add(GroupCut cut, SendBuffer buffer) {
        parts.add(new Part(cut, buffer, buffer.record()));
    }

    /** Records the application. On the listeners' thread. */
    private void recordApplication() {
        try {
            SortedMap<String, Bytes> states = new TreeMap<>(participants.record());
            parts.forEach(part -> part.sends.end());
            loop.deliver(now -> complete(states));
        } catch (RuntimeException e) {
            loop.deliver(now -> {
                parts.forEach(part -> part.buffer.forget(part.sends));
                recorded.completeExceptionally(e);
            });
        }
    }

    private void complete(SortedMap<String, Bytes> states) {
        List<GroupCut> groups = new ArrayList<>();
        for (Part part : parts) {
            List<Submission> sends = part.sends.result();
            if (sends == null) {
                loop.submit(now -> complete(states));
                return;
            }
            groups.add(withQueued(part.cut, sends));
        }
        recorded.complete(new RecordedGroups(groups, states));
    }

    private static GroupCut withQueued(GroupCut cut, List<Submission> sends) {
        List<GroupCut.Queued> queued = sends.stream()
                .filter(send -> send.content() == Packet.Content.MESSAGES)
                .map(send -> new GroupCut.Queued(send.to(), send.message()))
                .toList();
        return new GroupCut(cut.group(), cut.view(), cut.senders(), cut.kept(), queued);
    }
}
