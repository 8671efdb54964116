package io.loggos.paxos;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Descriptions of all meters of the library, by name. METERS.md of this module has the same. */
final class MeterDescriptions {
    private static final TreeMap<String, String> TEXTS = new TreeMap<>(Map.ofEntries(
            Map.entry(
                    "loggos.apply.queue.bytes",
                    "Bytes of batches that the state machine was given and has not applied."),
            Map.entry("loggos.batch.commands", "Commands in a batch that this node proposed as the leader."),
            Map.entry(
                    "loggos.checkpoints.scrubbed.bytes",
                    "Bytes of stored checkpoints that were read and verified again."),
            Map.entry("loggos.checkpoints.unusable", "Checkpoints that could not be used and were set aside."),
            Map.entry("loggos.commit", "Time from a proposal on this node until it is applied here."),
            Map.entry("loggos.events", "Events of the protocol, such as candidacies and lost leaderships."),
            Map.entry("loggos.group.delivered", "Messages that were delivered to the listener."),
            Map.entry("loggos.group.events", "Events of the group protocol."),
            Map.entry("loggos.group.evictions", "Members that were taken out of the view though they wanted to stay."),
            Map.entry("loggos.group.flush", "Time from when a member stopped to send until the next view."),
            Map.entry("loggos.group.members", "Members of the view of this node."),
            Map.entry("loggos.group.overloads", "Messages that were refused since too much was waiting."),
            Map.entry("loggos.group.sent", "Messages that this node sent."),
            Map.entry("loggos.group.views", "Views that this node entered."),
            Map.entry("loggos.group.waiting.bytes", "Bytes of messages that wait to be sent."),
            Map.entry("loggos.halted", "1 if the replica has halted, else 0."),
            Map.entry("loggos.leading", "1 if this node leads the log, else 0."),
            Map.entry("loggos.leased", "1 if this node leads the log and has a lease for reads, else 0."),
            Map.entry("loggos.links.buffered.bytes", "Bytes sent to peers that these have not acknowledged."),
            Map.entry(
                    "loggos.messages.foreign", "Messages of another configuration or incarnation, which were ignored."),
            Map.entry("loggos.links.inbox.bytes", "Bytes received from peers that the loop has not taken."),
            Map.entry("loggos.messages.malformed", "Messages that could not be decoded; each ends its link."),
            Map.entry("loggos.messages.waiting", "Messages and other actions that wait for a write to the store."),
            Map.entry("loggos.overloads", "Commands and reads that were refused since too many were pending."),
            Map.entry("loggos.pending.bytes", "Bytes of commands that callers of this node wait for."),
            Map.entry("loggos.slot.agreed", "Last slot up to which a quorum has the same digest."),
            Map.entry("loggos.slot.applied", "Last slot whose commands are applied here."),
            Map.entry("loggos.slot.chosen", "Last slot that this node knows to be chosen, with all before it."),
            Map.entry("loggos.slot.lag", "Slots that are known to be chosen and not applied here."),
            Map.entry("loggos.slots.open", "Slots in which this node has proposed, and which are not chosen."),
            Map.entry("loggos.snapshots.aborted", "Global snapshots that failed."),
            Map.entry("loggos.snapshots.completed", "Global snapshots that this node has completed its part of."),
            Map.entry("loggos.snapshots.duration", "Time from the request of a global snapshot until it is complete."),
            Map.entry("loggos.snapshots.events", "Events of the snapshot protocol."),
            Map.entry("loggos.storage.commit", "Time of a write to the store, with its sync."),
            Map.entry("loggos.storage.commit.bytes", "Bytes in one write to the store."),
            Map.entry("loggos.storage.commit.records", "Records in one write to the store."),
            Map.entry("loggos.storage.queue.bytes", "Bytes that wait for the next write to the store."),
            Map.entry("loggos.transport.bulk.failures", "Transfers of checkpoints and snapshots that failed."),
            Map.entry("loggos.transport.bulk.refused", "Requests for checkpoints and snapshots that were refused."),
            Map.entry("loggos.transport.bulk.requests", "Requests for checkpoints and snapshots of peers."),
            Map.entry("loggos.transport.connect.failures", "Attempts to reach a peer that failed."),
            Map.entry("loggos.transport.connections", "Open connections to and from peers."),
            Map.entry("loggos.transport.connections.refused", "Connections to the port for peers that were refused."),
            Map.entry("loggos.transport.received.bytes", "Bytes received from peers."),
            Map.entry("loggos.transport.received.frames", "Frames received from peers."),
            Map.entry("loggos.transport.sent.bytes", "Bytes sent to peers."),
            Map.entry("loggos.transport.sent.frames", "Frames sent to peers.")));

    private MeterDescriptions() {}

    /** Returns the description of a meter, or null for one that is not of the library. */
    static @Nullable String of(String name) {
        return TEXTS.get(name);
    }
}
