package io.loggos.paxos.sim.predicate;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import io.loggos.paxos.core.model.Batch;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.testkit.Violation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Sees all disks at once, and so knows what is chosen before any node does. Checks the predicates of
 * Multi-Paxos as things happen; the names are those of the table in the README.
 */
public final class Ghost {
    private record Vote(long slot, Ballot ballot) {}

    /** The slots that a proposer may have open, by number and by the size of their values. */
    public record Window(int slots, long bytes) {}

    /** One command that is chosen, by its place. */
    public record ChosenCommand(long slot, int position, long session, long sequence, Bytes payload) {}

    private final int nodes;
    private final Map<Vote, Bytes> valueOf = new HashMap<>();
    private final Map<Vote, Integer> votes = new HashMap<>();
    private final TreeMap<Long, Bytes> chosen = new TreeMap<>();
    private final Map<Long, Ballot> chosenIn = new HashMap<>();
    private long chosenPrefix;
    private Ballot highestChosenIn = Ballot.ZERO;
    private final Set<String> sessionSequences = new HashSet<>();
    private final Map<Long, Long> lowestOf = new HashMap<>();
    private final Map<Long, Long> effectiveSlot = new HashMap<>();
    /** The slots that hold a command with an id, by its value. */
    private final Map<Long, Set<Long>> placesOf = new HashMap<>();

    private final Set<Long> proposed = new HashSet<>();
    private final List<ChosenCommand> commands = new ArrayList<>();

    private final Ballot[] promised;
    /** Highest ballot that each node has durably accepted, by slot. */
    private final List<TreeMap<Long, Ballot>> acceptedIn = new ArrayList<>();

    private final Truncations truncations;
    private final Map<Long, Long> hashAt = new HashMap<>();
    private final Map<Integer, OpenSlots> openAt = new HashMap<>();
    private long highestAcknowledged;
    /** True once a test has made a state machine differ from the others. */
    private boolean differencePlanted;

    private @Nullable Violation violation;

    public Ghost(int nodes) {
        this.nodes = nodes;
        promised = new Ballot[nodes + 1];
        Arrays.fill(promised, Ballot.ZERO);
        truncations = new Truncations(nodes);
        for (int node = 0; node <= nodes; node++) {
            acceptedIn.add(new TreeMap<>());
        }
    }

    /** Returns the first violation; thrown inside a node, it may end up as the halt of a replica. */
    @Nullable
    public Violation violation() {
        return violation;
    }

    public Violation violate(String predicate, String what) {
        Violation made = new Violation(predicate, what);
        violation = violation == null ? made : violation;
        return made;
    }

    public long chosenPrefix() {
        return chosenPrefix;
    }

    /** The highest ballot in which a value was chosen. */
    public Ballot highestChosenIn() {
        return highestChosenIn;
    }

    /** All commands of the chosen prefix, in order. */
    public List<ChosenCommand> commands() {
        return commands;
    }

    public long highestAcknowledged() {
        return highestAcknowledged;
    }

    public void proposed(long value) {
        proposed.add(value);
    }

    /** MP5 over lives: what is recovered is at least what was durable. */
    void recovered(int node, RecoveredLog recovered, long checkpointSlot) {
        truncations.opened(node, checkpointSlot > recovered.chosenThrough() ? checkpointSlot : 0);
        Ballot ballot = recovered.promised();
        for (LogEntry entry : recovered.open()) {
            ballot = entry.ballot().isAbove(ballot) ? entry.ballot() : ballot;
        }
        if (ballot.isBelow(promised[node])) {
            throw violate("MP5", "node " + node + " promised " + promised[node] + " and recovers " + ballot);
        }
        promised[node] = ballot;
        // A write that failed may be there all the same, and counts from now on.
        for (LogEntry entry : recovered.open()) {
            if (!entry.faulty()) {
                vote(node, new Vote(entry.slot(), entry.ballot()), entry.value());
            }
        }
    }

    /** A node has forgotten what it promised and accepted. Others count on it all the same. */
    public void returnsOlder(int node) {
        promised[node] = Ballot.ZERO;
        acceptedIn.get(node).clear();
    }

    /** The disk of a node is lost. What comes under its name from now on is another acceptor, which may never vote. */
    public void wiped(int node) {
        promised[node] = Ballot.ZERO;
        truncations.opened(node, 0);
        acceptedIn.get(node).clear();
    }

    /** Records of a node are in its log. */
    void written(int node, List<LogRecord> records, boolean durable) {
        for (LogRecord record : records) {
            if (record instanceof LogRecord.Promised promise && durable) {
                promise(node, promise.ballot());
            } else if (record instanceof LogRecord.Accepted accepted) {
                accepted(node, accepted);
            } else if (record instanceof LogRecord.Learned learned) {
                isChosen("MP8", node, learned.slot(), learned.value());
            } else if (record instanceof LogRecord.ChosenThrough through && through.slot() > chosenPrefix) {
                throw violate("MP9", "node " + node + " chose through " + through.slot() + ", all: " + chosenPrefix);
            }
        }
    }

    /** MP18: a log begins later only behind a checkpoint that is whole. */
    void truncates(int node, long belowSlot, long checkpointSlot, long previousSlot, boolean damaged) {
        String wrong = truncations.wrong(node, belowSlot, checkpointSlot, previousSlot, damaged);
        if (wrong != null) {
            throw violate("MP18", wrong);
        }
    }

    /** A checkpoint of a node rots, whose newest sound ones are at these slots. */
    public void checkpointRots(int node, long newestSlot, long previousSlot) {
        truncations.rots(node, newestSlot, previousSlot);
    }

    private void promise(int node, Ballot ballot) {
        if (ballot.isBelow(promised[node])) {
            throw violate("MP5", "node " + node + " lowers " + promised[node] + " to " + ballot);
        }
        promised[node] = ballot;
    }

    private void accepted(int node, LogRecord.Accepted accepted) {
        Ballot ballot = accepted.ballot();
        if (ballot.isBelow(promised[node])) {
            throw violate("MP7", "node " + node + " accepts " + ballot + " after " + promised[node]);
        }
        vote(node, new Vote(accepted.slot(), ballot), accepted.value());
    }

    private void vote(int node, Vote vote, Bytes value) {
        oneValue(vote, value);
        acceptedIn.get(node).merge(vote.slot(), vote.ballot(), (one, other) -> one.isAbove(other) ? one : other);
        int mask = votes.merge(vote, 1 << node, (a, b) -> a | b);
        if (Integer.bitCount(mask) > nodes / 2) {
            choose(vote.slot(), vote.ballot(), value);
        }
    }

    /** MP3: one value for a slot in a ballot. */
    private void oneValue(Vote vote, Bytes value) {
        Bytes before = valueOf.putIfAbsent(vote, value);
        if (before != null && !before.equals(value)) {
            throw violate("MP3", "two values for " + vote);
        }
    }

    private void choose(long slot, Ballot ballot, Bytes value) {
        highestChosenIn = ballot.isAbove(highestChosenIn) ? ballot : highestChosenIn;
        Bytes before = chosen.putIfAbsent(slot, value);
        if (before != null) {
            if (!before.equals(value)) {
                throw violate("MP1", "two values are chosen for slot " + slot);
            }
            return;
        }
        chosenIn.put(slot, ballot);
        while (chosen.containsKey(chosenPrefix + 1)) {
            chosenPrefix++;
            Batch.parse(chosen.get(chosenPrefix)).forEach(new ChosenBatch());
        }
    }

    private final class ChosenBatch implements Batch.Visitor {
        private int position;

        @Override
        public void command(long session, long sequence, long lowest, Bytes payload) {
            lowestOf.merge(session, lowest, Math::max);
            firstTimeAndProposed(new ChosenCommand(chosenPrefix, position++, session, sequence, payload));
        }

        @Override
        public void request(long session, long sequence, long lowest, long after, UUID key, Bytes payload) {
            position++;
            long value = TestMachine.valueOf(payload);
            if (!proposed.contains(value)) {
                throw violate("MP2", "nobody proposed " + value);
            }
            placesOf.computeIfAbsent(value, unused -> new HashSet<>()).add(chosenPrefix);
        }
    }

    /** MP2, MP12: of the places that a command has in the log, the first is the one where it takes effect. */
    private void firstTimeAndProposed(ChosenCommand command) {
        long value = TestMachine.valueOf(command.payload());
        if (!proposed.contains(value)) {
            throw violate("MP2", "nobody proposed " + value);
        }
        boolean first = sessionSequences.add(command.session() + "/" + command.sequence());
        if (first && command.sequence() >= lowestOf.get(command.session())) {
            if (effectiveSlot.put(value, command.slot()) != null) {
                throw violate("MP12", "value " + value + " takes effect twice, again at slot " + command.slot());
            }
            commands.add(command);
        }
    }

    private void isChosen(String predicate, int node, long slot, Bytes value) {
        Bytes right = chosen.get(slot);
        if (right == null) {
            throw violate(predicate, "node " + node + " takes slot " + slot + " for chosen, and it is not");
        }
        if (!right.equals(value)) {
            throw violate(predicate, "node " + node + " has the wrong value for slot " + slot);
        }
    }

    /** MP8, MP12: a node's state machine is given a command at the slot where it takes effect. */
    void applies(int node, long slot, Bytes command) {
        long value = TestMachine.valueOf(command);
        if (placesOf.containsKey(value)) {
            appliesRequest(node, slot, value);
            return;
        }
        Long right = effectiveSlot.get(value);
        if (right == null || right != slot) {
            throw violate(
                    right == null ? "MP8" : "MP12",
                    "node " + node + " applies " + value + " at slot " + slot + ", its place is " + right);
        }
    }

    /** MP8, MP31: a command with an id takes effect in one of its slots, the same on all nodes. */
    private void appliesRequest(int node, long slot, long value) {
        if (!placesOf.get(value).contains(slot)) {
            throw violate("MP8", "node " + node + " applies " + value + " at slot " + slot + ", where it is not");
        }
        Long before = effectiveSlot.putIfAbsent(value, slot);
        if (before != null && before != slot) {
            throw violate(
                    "MP31",
                    "node " + node + " applies " + value + " at slot " + slot + ", it took effect at " + before);
        }
    }

    /** MP10, MP19: all state machines go through the same states. */
    void reached(int node, long slot, long hash) {
        Long right = hashAt.putIfAbsent(slot, hash);
        if (right != null && right != hash) {
            throw violate("MP10", "node " + node + " is in another state after slot " + slot);
        }
    }

    void plantsDifference() {
        differencePlanted = true;
    }

    /** MP26: a replica says that it has diverged from the others. */
    public void diverged(int node) {
        if (!differencePlanted) {
            throw violate("MP26", "node " + node + " says that it has diverged, and all state machines are alike");
        }
    }

    /** A proposer sends an accept. */
    public void sendsAccept(int node, Ballot ballot, long slot, Bytes value, long chosenThrough, Window window) {
        oneValue(new Vote(slot, ballot), value);
        Bytes right = chosen.get(slot);
        if (right != null && ballot.isAbove(chosenIn.get(slot)) && !right.equals(value)) {
            throw violate("MP4", "node " + node + " proposes another value for slot " + slot + " in " + ballot);
        }
        OpenSlots open = openAt.computeIfAbsent(node, unused -> new OpenSlots());
        open.add(ballot, slot, chosenThrough, value.size());
        if (slot > chosenThrough + window.slots() || (open.count() > 1 && open.bytes() > window.bytes())) {
            throw violate(
                    "MP14",
                    "slot " + slot + " is proposed with " + chosenThrough + " chosen and " + open.bytes()
                            + " bytes open");
        }
        saysChosen(node, chosenThrough);
    }

    /** MP9 at the sender: a node calls slots chosen. */
    public void saysChosen(int node, long through) {
        if (through > chosenPrefix) {
            throw violate("MP9", "node " + node + " says " + through + " slots are chosen");
        }
    }

    /** MP18 at the sender: a node names the first slot of its log. */
    public void truncatedBelow(int node, long slot, long chosenThrough) {
        if (slot > chosenThrough + 1) {
            throw violate("MP18", "node " + node + " begins at " + slot + ", and knows " + chosenThrough + " chosen");
        }
    }

    /** MP8 at the sender: a node gives another one a chosen value. */
    public void tells(int node, LogEntry entry) {
        isChosen("MP8", node, entry.slot(), entry.value());
    }

    /** MP19 at the sender: a node offers its checkpoint. */
    public void offers(int node, long slot, Bytes hash) {
        saysChosen(node, slot);
        if (!truncations.offers(slot, hash)) {
            throw violate("MP19", "node " + node + " offers another checkpoint of slot " + slot);
        }
    }

    /** MP6: what an acceptor answers is on its disk. */
    public void sendsPromise(int node, Ballot ballot, Ballot durable) {
        if (durable.isBelow(ballot)) {
            throw violate("MP6", "node " + node + " promises " + ballot + ", on disk is " + durable);
        }
    }

    /** MP23: a promise in one part names everything that the node has accepted in lower ballots. */
    public void sendsWholePromise(int node, PaxosMessage.Promise promise, long fromSlot) {
        Map<Long, Ballot> named = new HashMap<>();
        promise.accepted()
                .forEach(entry -> named.put(entry.slot(), entry.faulty() ? promise.ballot() : entry.ballot()));
        long from = Math.max(fromSlot, promise.chosenThrough() + 1);
        acceptedIn.get(node).tailMap(from, true).forEach((slot, ballot) -> {
            Ballot told = named.getOrDefault(slot, Ballot.ZERO);
            if (ballot.isBelow(promise.ballot()) && told.isBelow(ballot)) {
                throw violate(
                        "MP23", "node " + node + " accepted slot " + slot + " in " + ballot + ", and tells " + told);
            }
        });
    }

    public void sendsAccepted(int node, Ballot ballot, long slot, boolean covered, Ballot durable) {
        if (!covered && durable.isBelow(ballot)) {
            throw violate(
                    "MP6", "node " + node + " accepted slot " + slot + " in " + ballot + ", on disk is " + durable);
        }
    }

    /** MP11: an acknowledged command is in the slot that the answer names. */
    public void acknowledged(long slot, Bytes command) {
        Long right = effectiveSlot.get(TestMachine.valueOf(command));
        if (right == null || right != slot) {
            throw violate("MP11", "a command acknowledged at slot " + slot + " has its place at " + right);
        }
        highestAcknowledged = Math.max(highestAcknowledged, slot);
    }

    /** MP17: a linearizable read sees everything acknowledged before it was called. */
    public void readAnswered(long slot, long acknowledgedAtCall) {
        if (slot < acknowledgedAtCall) {
            throw violate(
                    "MP17",
                    "a read at slot " + slot + " was called after slot " + acknowledgedAtCall + " was acknowledged");
        }
    }
}
