package io.loggos.paxos.synod;

import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.spi.AcceptorLog;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.synod.core.SynodMessage;
import io.loggos.storage.testkit.MemoryAcceptorLog;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** A few nodes, the letters on their way, and a clock; what happens next is for the test to say. */
final class SynodWorld {
    static final LogId LOG = LogId.ofName("synod");

    /** A message on its way. */
    record Letter(NodeId from, NodeId to, SynodMessage message) {}

    private final Flaw flaw;
    private final SynodJudge judge;
    private final TreeMap<Integer, SynodNode> nodes = new TreeMap<>();
    private final List<Letter> letters = new ArrayList<>();
    private long now;

    /** Nodes 1 to {@code size}, all started and nothing on its way. */
    static SynodWorld of(int size) {
        return new SynodWorld(size, Flaw.NONE, 1, id -> new MemoryAcceptorLog(id.value()));
    }

    SynodWorld(int size, Flaw flaw, long seed, Function<NodeId, AcceptorLog> disks) {
        this.flaw = flaw;
        SplittableRandom random = new SplittableRandom(seed);
        TreeSet<NodeId> members = new TreeSet<>();
        for (int i = 1; i <= size; i++) {
            members.add(NodeId.of(i));
        }
        Configuration configuration = Configuration.initial(members);
        judge = new SynodJudge(configuration);
        for (NodeId id : members) {
            nodes.put(id.value(), new SynodNode(this, id, configuration, disks.apply(id), random.split()));
        }
        nodes.values().forEach(SynodNode::start);
        letters.clear();
    }

    SynodNode node(int id) {
        SynodNode node = nodes.get(id);
        if (node == null) {
            throw new IllegalArgumentException("no node " + id);
        }
        return node;
    }

    Iterable<SynodNode> nodes() {
        return nodes.values();
    }

    int size() {
        return nodes.size();
    }

    Flaw flaw() {
        return flaw;
    }

    SynodJudge judge() {
        return judge;
    }

    long now() {
        return now;
    }

    void advance(long nanos) {
        now += nanos;
    }

    List<Letter> letters() {
        return letters;
    }

    void post(Letter letter) {
        judge.sends(letter.message);
        letters.add(letter);
    }

    void deliver(Letter letter) {
        node(letter.to.value()).take(letter.from, letter.message);
    }

    /** Hands a node a message that nobody sent. */
    void inject(int from, int to, SynodMessage message) {
        node(to).take(NodeId.of(from), message);
    }

    /** Messages of one type that are on their way between two nodes. */
    <T extends SynodMessage> List<T> onTheWay(Class<T> type, int from, int to) {
        return letters.stream()
                .filter(letter -> letter.from.value() == from && letter.to.value() == to)
                .map(Letter::message)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /** Delivers everything of one type between two nodes, and syncs what that wrote. */
    void pass(Class<? extends SynodMessage> type, int from, int to) {
        List<Letter> passed = new ArrayList<>();
        for (Iterator<Letter> each = letters.iterator(); each.hasNext(); ) {
            Letter letter = each.next();
            if (type.isInstance(letter.message) && letter.from.value() == from && letter.to.value() == to) {
                passed.add(letter);
                each.remove();
            }
        }
        if (passed.isEmpty()) {
            throw new AssertionError("no " + type.getSimpleName() + " from " + from + " to " + to);
        }
        passed.forEach(this::deliver);
        node(to).sync();
    }

    /** Phase 1 of a proposer with some acceptors, itself among them or not. */
    void phaseOne(int proposer, int... acceptors) {
        node(proposer).sync();
        for (int acceptor : acceptors) {
            if (acceptor != proposer) {
                pass(SynodMessage.Prepare.class, proposer, acceptor);
            }
            pass(SynodMessage.Promise.class, acceptor, proposer);
        }
    }

    /** Phase 2 of a proposer with some acceptors. */
    void phaseTwo(int proposer, int... acceptors) {
        node(proposer).sync();
        for (int acceptor : acceptors) {
            if (acceptor != proposer) {
                pass(SynodMessage.Accept.class, proposer, acceptor);
            }
            pass(SynodMessage.Accepted.class, acceptor, proposer);
        }
    }

    /** One unit of time in which all that is on its way arrives, disks sync, and timers that are due fire. */
    void tick() {
        nodes.values().forEach(SynodNode::sync);
        List<Letter> arriving = List.copyOf(letters);
        letters.clear();
        arriving.forEach(this::deliver);
        boolean idle = letters.isEmpty() && nodes.values().stream().noneMatch(SynodNode::hasUnsynced);
        long next = nodes.values().stream().mapToLong(SynodNode::timerAt).min().orElse(Long.MAX_VALUE);
        now = idle && next != Long.MAX_VALUE ? Math.max(now + 1, next) : now + 1;
        for (SynodNode node : nodes.values()) {
            if (node.isUp() && node.timerAt() <= now) {
                node.fireTimer();
            }
        }
    }

    /** Lets time pass undisturbed until all nodes that are up have decided; says how many ticks that took. */
    int settle(int most) {
        for (int ticks = 0; ticks <= most; ticks++) {
            if (nodes.values().stream().allMatch(node -> !node.isUp() || node.decided() != null)) {
                return ticks;
            }
            tick();
        }
        throw new AssertionError("no decision after " + most + " ticks");
    }
}
