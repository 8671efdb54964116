package io.loggos.api.snapshot;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One member of a group at the cut of its node.
 *
 * @param group its name
 * @param view the one it was in
 * @param senders for each member of the view, what had come from it
 * @param kept what this member had sent and not all had received, in the order sent
 * @param queued what the application had sent and the group had not yet taken up
 */
public record GroupCut(
        String group, View view, SortedMap<NodeId, Sender> senders, List<Sent> kept, List<Queued> queued) {
    /**
     * What had come from one member. Numbers count what that member sent in this view, several messages under each.
     *
     * @param delivered the last number that was delivered here
     * @param received the last number that was received here
     * @param held what was received and not yet delivered
     */
    public record Sender(long delivered, long received, List<Sent> held) {
        public Sender {
            held = List.copyOf(held);
        }
    }

    /**
     * Messages that were sent under one number.
     *
     * @param to the one member they are for; null if they are for all
     */
    public record Sent(long number, @Nullable NodeId to, List<Bytes> messages) {
        public Sent {
            messages = List.copyOf(messages);
        }
    }

    /**
     * A message that waited to be sent.
     *
     * @param to the one member it is for; null if it is for all
     */
    public record Queued(@Nullable NodeId to, Bytes message) {}

    public GroupCut {
        senders = Collections.unmodifiableSortedMap(new TreeMap<>(senders));
        kept = List.copyOf(kept);
        queued = List.copyOf(queued);
    }
}
