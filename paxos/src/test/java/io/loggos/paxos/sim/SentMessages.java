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
import io.loggos.storage.checkpoint.CheckpointManifestCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** All that one node tells others about one log, over all its lives, checked at the moment it leaves. */
final class SentMessages {
    /** The type of a request for the manifest of a checkpoint. */
    private static final int ASKS_FOR_CHECKPOINT = 1;

    private final SimCluster cluster;
    private final SimNode node;
    private final SimLog log;
    /** Slots whose records have rotted on the node's disk. */
    private final TreeSet<Long> rotten = new TreeSet<>();

    /** The parts of promises that were sent and are not complete. */
    private final Map<Ballot, List<PaxosMessage.Promise>> promises = new TreeMap<>();

    private Ballot lastPrepared = Ballot.ZERO;
    private int lifeOfLastPrepared;
    private final TreeMap<Ballot, Long> preparedAt = new TreeMap<>();

    SentMessages(SimCluster cluster, SimNode node, SimLog log) {
        this.cluster = cluster;
        this.node = node;
        this.log = log;
    }

    void onRot(long slot) {
        rotten.add(slot);
    }

    /** Returns the messages of logs in a frame. */
    static List<Envelope> inFrame(Bytes frame) {
        if (FrameCodec.decode(frame) instanceof Frame.Data data) {
            return data.messages().stream()
                    .filter(message -> ProtocolTag.of(message) == ProtocolTag.PAXOS)
                    .map(PaxosCodec::decode)
                    .toList();
        }
        return List.of();
    }

    /** MP19: checks the checkpoints that it offers. */
    void onBulkAnswer(Bytes request, Bytes answer) {
        ByteReader asked = new ByteReader(request);
        asked.getByte();
        if (asked.getByte() == ASKS_FOR_CHECKPOINT
                && asked.getLong() == log.id().value()) {
            CheckpointManifest offered = CheckpointManifestCodec.decode(answer);
            log.ghost().offers(node.id.value(), offered.slot(), offered.hash());
        }
    }

    void onMessage(long number, PaxosMessage message) {
        Ghost ghost = log.ghost();
        cluster.fences().sends(node, message);
        if (cluster.fences().isUnseen()) {
            return;
        }
        checkVoter(number, message);
        if (message instanceof PaxosMessage.Accept accept) {
            ghost.sendsAccept(
                    node.id.value(),
                    number,
                    accept.ballot(),
                    accept.slot(),
                    accept.batch(),
                    accept.chosenThrough(),
                    cluster.settings().window());
        } else if (message instanceof PaxosMessage.Promise promise) {
            ghost.sendsPromise(node.id.value(), promise.ballot(), node.disk().durablePromise(log.id()));
            ghost.saysChosen(node.id.value(), promise.chosenThrough());
            ghost.truncatedBelow(node.id.value(), promise.truncatedBelow(), promise.chosenThrough());
            gather(promise);
        } else if (message instanceof PaxosMessage.Accepted accepted) {
            Ballot durable = node.disk()
                    .durableEntry(log.id(), accepted.slot())
                    .map(entry -> entry.faulty() ? accepted.ballot() : entry.ballot())
                    .orElse(Ballot.ZERO);
            boolean covered = accepted.slot() < node.disk().recover(log.id()).truncatedBelow();
            ghost.sendsAccepted(node.id.value(), accepted.ballot(), accepted.slot(), covered, durable);
        } else if (message instanceof PaxosMessage.Prepare prepare) {
            log.prepares(prepare.ballot(), prepare.fromSlot());
            checkBallot(prepare.ballot());
        } else if (message instanceof PaxosMessage.Learned learned) {
            ghost.saysChosen(node.id.value(), learned.chosenThrough());
            ghost.truncatedBelow(node.id.value(), learned.truncatedBelow(), learned.chosenThrough());
            learned.entries().forEach(entry -> ghost.tells(node.id.value(), entry));
        } else if (message instanceof PaxosMessage.Chosen chosen) {
            ghost.saysChosen(node.id.value(), chosen.through());
        } else if (message instanceof PaxosMessage.Status status) {
            ghost.saysChosen(node.id.value(), status.chosenThrough());
        } else if (message instanceof PaxosMessage.ReadIndexAnswer answer) {
            ghost.saysChosen(node.id.value(), answer.slot());
        }
    }

    /** MP15: only voters vote. In a first configuration every other node has stored their incarnations. */
    private void checkVoter(long number, PaxosMessage message) {
        if (!(message instanceof PaxosMessage.Promise || message instanceof PaxosMessage.Accepted)) {
            return;
        }
        log.ghost().sendsVote(node.id.value(), number);
        TreeSet<NodeId> others = new TreeSet<>(cluster.founders());
        others.remove(node.id);
        if (number == 1 && !node.disk().rememberedBy().containsAll(others)) {
            throw log.ghost()
                    .violate(
                            "MP15",
                            node.id + " votes, and is remembered by "
                                    + node.disk().rememberedBy());
        }
    }

    /** Puts the parts of a promise together. All go to one node, in order, but a link may send the last ones again. */
    private void gather(PaxosMessage.Promise promise) {
        List<PaxosMessage.Promise> parts = promises.computeIfAbsent(promise.ballot(), unused -> new ArrayList<>());
        if (promise.part() == 0) {
            parts.clear();
        }
        if (promise.part() != parts.size()) {
            return;
        }
        parts.add(promise);
        if (promise.last()) {
            promises.remove(promise.ballot());
            if (parts.size() > 1) {
                cluster.note("a promise of many parts");
            }
            List<LogEntry> accepted =
                    parts.stream().flatMap(part -> part.accepted().stream()).toList();
            PaxosMessage.Promise whole = new PaxosMessage.Promise(
                    promise.ballot(), promise.chosenThrough(), promise.truncatedBelow(), 0, true, accepted);
            checkFaulty(whole);
            log.ghost().sendsWholePromise(node.id.value(), whole, log.preparedFrom(promise.ballot()));
        }
    }

    /** MP20: a rotten record is never passed over in silence. */
    private void checkFaulty(PaxosMessage.Promise promise) {
        long asked = log.preparedFrom(promise.ballot());
        for (long slot : rotten.tailSet(Math.max(promise.chosenThrough() + 1, asked), true)) {
            boolean stillRotten = node.disk()
                    .durableEntry(log.id(), slot)
                    .map(LogEntry::faulty)
                    .orElse(false);
            if (stillRotten && promise.accepted().stream().noneMatch(entry -> entry.slot() == slot)) {
                throw log.ghost().violate("MP20", node.id + " promises as if it had never accepted slot " + slot);
            }
        }
    }

    /** MP13: no ballot is used in two lives. MP22: ballots do not storm. */
    private void checkBallot(Ballot ballot) {
        if (ballot.equals(lastPrepared) && node.life() != lifeOfLastPrepared) {
            throw log.ghost().violate("MP13", node.id + " uses ballot " + ballot + " in two lives");
        }
        if (ballot.isAbove(lastPrepared)) {
            lastPrepared = ballot;
            lifeOfLastPrepared = node.life();
            preparedAt.put(ballot, cluster.time.nanos());
            long window = 20 * cluster.settings().electionNanos();
            long since = cluster.time.nanos() - window;
            long lately = preparedAt.values().stream().filter(at -> at > since).count();
            if (lately > 24 + node.life()) {
                throw log.ghost().violate("MP22", node.id + " stood " + lately + " times in 20 election timeouts");
            }
        }
    }
}
