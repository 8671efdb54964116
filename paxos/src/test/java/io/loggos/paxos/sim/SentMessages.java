package io.loggos.paxos.sim;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.LogEntry;
import io.loggos.internal.codec.ByteReader;
import io.loggos.multicast.ProtocolTag;
import io.loggos.multicast.wire.Frame;
import io.loggos.multicast.wire.FrameCodec;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.sim.predicate.Ghost;
import io.loggos.paxos.wire.Envelope;
import io.loggos.paxos.wire.PaxosCodec;
import io.loggos.snapshot.wire.SnapshotCodec;
import io.loggos.storage.checkpoint.CheckpointManifestCodec;
import java.util.TreeMap;
import java.util.TreeSet;

/** All that one node tells others, over all its lives, checked at the moment it leaves. */
final class SentMessages {
    /** The type of a request for the manifest of a checkpoint. */
    private static final int ASKS_FOR_CHECKPOINT = 1;

    private final SimCluster cluster;
    private final SimNode node;
    /** Slots whose records have rotted on the node's disk. */
    private final TreeSet<Long> rotten = new TreeSet<>();

    private Ballot lastPrepared = Ballot.ZERO;
    private int lifeOfLastPrepared;
    private final TreeMap<Ballot, Long> preparedAt = new TreeMap<>();

    SentMessages(SimCluster cluster, SimNode node) {
        this.cluster = cluster;
        this.node = node;
    }

    void onRot(long slot) {
        rotten.add(slot);
    }

    void onFrame(Bytes bytes) {
        if (FrameCodec.decode(bytes) instanceof Frame.Data data) {
            for (Bytes message : data.messages()) {
                if (ProtocolTag.of(message) == ProtocolTag.SNAPSHOT) {
                    cluster.trace(node.id, () -> "sends " + SnapshotCodec.decode(message));
                }
                if (ProtocolTag.of(message) != ProtocolTag.PAXOS) {
                    continue;
                }
                Envelope envelope = PaxosCodec.decode(message);
                cluster.trace(node.id, () -> "sends " + envelope.message());
                if (envelope.log().equals(SimNode.LOG)) {
                    check(envelope.message());
                }
            }
        }
    }

    /** MP19: checks the checkpoints that it offers. */
    void onBulkAnswer(Bytes request, Bytes answer) {
        ByteReader asked = new ByteReader(request);
        asked.getByte();
        if (asked.getByte() == ASKS_FOR_CHECKPOINT && asked.getLong() == SimNode.LOG.value()) {
            CheckpointManifest offered = CheckpointManifestCodec.decode(answer);
            cluster.ghost().offers(node.id.value(), offered.slot(), offered.hash());
        }
    }

    private void check(PaxosMessage message) {
        Ghost ghost = cluster.ghost();
        checkFormed(message);
        if (message instanceof PaxosMessage.Accept accept) {
            ghost.sendsAccept(
                    node.id.value(),
                    accept.ballot(),
                    accept.slot(),
                    accept.batch(),
                    accept.chosenThrough(),
                    cluster.settings().replica().windowSlots());
        } else if (message instanceof PaxosMessage.Promise promise) {
            ghost.sendsPromise(node.id.value(), promise.ballot(), node.disk.durablePromise(SimNode.LOG));
            ghost.saysChosen(node.id.value(), promise.chosenThrough());
            checkFaulty(promise);
            if (promise.part() == 0 && promise.last()) {
                ghost.sendsWholePromise(node.id.value(), promise, cluster.preparedFrom(promise.ballot()));
            }
        } else if (message instanceof PaxosMessage.Accepted accepted) {
            Ballot durable = node.disk
                    .durableEntry(SimNode.LOG, accepted.slot())
                    .map(entry -> entry.faulty() ? accepted.ballot() : entry.ballot())
                    .orElse(Ballot.ZERO);
            boolean covered = accepted.slot() < node.disk.recover(SimNode.LOG).truncatedBelow();
            ghost.sendsAccepted(node.id.value(), accepted.ballot(), accepted.slot(), covered, durable);
        } else if (message instanceof PaxosMessage.Prepare prepare) {
            cluster.prepares(prepare.ballot(), prepare.fromSlot());
            checkBallot(prepare.ballot());
        } else if (message instanceof PaxosMessage.Learned learned) {
            ghost.saysChosen(node.id.value(), learned.chosenThrough());
            learned.entries().forEach(entry -> ghost.tells(node.id.value(), entry));
        } else if (message instanceof PaxosMessage.Chosen chosen) {
            ghost.saysChosen(node.id.value(), chosen.through());
        } else if (message instanceof PaxosMessage.Status status) {
            ghost.saysChosen(node.id.value(), status.chosenThrough());
        }
    }

    /** MP15: a node votes only once every other node has stored its incarnation. */
    private void checkFormed(PaxosMessage message) {
        boolean votes = message instanceof PaxosMessage.Promise || message instanceof PaxosMessage.Accepted;
        TreeSet<NodeId> others = new TreeSet<>(cluster.ids());
        others.remove(node.id);
        if (votes && !node.disk.rememberedBy().containsAll(others)) {
            throw cluster.ghost().violate("MP15", node.id + " votes, and is remembered by " + node.disk.rememberedBy());
        }
    }

    /** MP20: a rotten record is never passed over in silence. */
    private void checkFaulty(PaxosMessage.Promise promise) {
        if (promise.part() > 0 || !promise.last()) {
            return;
        }
        long asked = cluster.preparedFrom(promise.ballot());
        for (long slot : rotten.tailSet(Math.max(promise.chosenThrough() + 1, asked), true)) {
            boolean stillRotten = node.disk
                    .durableEntry(SimNode.LOG, slot)
                    .map(LogEntry::faulty)
                    .orElse(false);
            if (stillRotten && promise.accepted().stream().noneMatch(entry -> entry.slot() == slot)) {
                throw cluster.ghost().violate("MP20", node.id + " promises as if it had never accepted slot " + slot);
            }
        }
    }

    /** MP13: no ballot is used in two lives. MP22: ballots do not storm. */
    private void checkBallot(Ballot ballot) {
        if (ballot.equals(lastPrepared) && node.life() != lifeOfLastPrepared) {
            throw cluster.ghost().violate("MP13", node.id + " uses ballot " + ballot + " in two lives");
        }
        if (ballot.isAbove(lastPrepared)) {
            lastPrepared = ballot;
            lifeOfLastPrepared = node.life();
            preparedAt.put(ballot, cluster.time.nanos());
            long window = 20 * cluster.settings().electionNanos();
            long since = cluster.time.nanos() - window;
            long lately = preparedAt.values().stream().filter(at -> at > since).count();
            if (lately > 24 + node.life()) {
                throw cluster.ghost().violate("MP22", node.id + " stood " + lately + " times in 20 election timeouts");
            }
        }
    }
}
