package io.loggos.snapshot.detect;

import io.loggos.api.Bytes;
import io.loggos.snapshot.detect.ClaimMessage.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Processes that ask for locks, one or two at a time, and give them back. Each lock has a node that gives it out. */
public final class LockWorld extends World {
    /** Nodes that record claims: those that give out, those that ask, or both. */
    private enum Books {
        GIVERS,
        ASKERS,
        BOTH
    }

    private final Books books;
    private final List<Integer> owners = new ArrayList<>();
    private final List<ArrayDeque<Integer>> queues = new ArrayList<>();
    private final List<TreeSet<Integer>> holds = new ArrayList<>();
    private final List<TreeSet<Integer>> wants = new ArrayList<>();

    private LockWorld(int nodes, int locks, int processes, Books books) {
        super(nodes);
        this.books = books;
        for (int lock = 0; lock < locks; lock++) {
            owners.add(null);
            queues.add(new ArrayDeque<>());
        }
        for (int process = 0; process < processes; process++) {
            holds.add(new TreeSet<>());
            wants.add(new TreeSet<>());
        }
    }

    private LockWorld(LockWorld other) {
        super(other);
        books = other.books;
        owners.addAll(other.owners);
        other.queues.forEach(queue -> queues.add(new ArrayDeque<>(queue)));
        other.holds.forEach(each -> holds.add(new TreeSet<>(each)));
        other.wants.forEach(each -> wants.add(new TreeSet<>(each)));
    }

    @Override
    void step(int node, Random random) {
        int process = random.nextInt(holds.size());
        if (process % nodes != node || !wants.get(process).isEmpty()) {
            return;
        }
        if (random.nextInt(10) == 0) {
            send(node, random.nextInt(nodes), "HELLO");
        } else if (random.nextBoolean()) {
            release(process, random.nextInt(owners.size()));
        } else {
            request(process, random.nextInt(owners.size()));
            request(process, random.nextInt(owners.size()));
        }
    }

    private void request(int process, int lock) {
        if (!holds.get(process).contains(lock) && wants.get(process).add(lock)) {
            send(process % nodes, lock % nodes, "REQUEST " + process + " " + lock);
        }
    }

    private void release(int process, int lock) {
        if (holds.get(process).remove(lock)) {
            send(process % nodes, lock % nodes, "RELEASE " + process + " " + lock);
        }
    }

    @Override
    void receive(int node, int from, String text) {
        message(Bytes.utf8(text)).ifPresent(message -> {
            int process = message.claim().process();
            int lock = message.claim().resource();
            switch (message.kind()) {
                case REQUEST -> queues.get(lock).add(process);
                case RELEASE -> owners.set(lock, null);
                case GRANT -> {
                    wants.get(process).remove(lock);
                    holds.get(process).add(lock);
                }
            }
            if (owners.get(lock) == null && !queues.get(lock).isEmpty()) {
                int next = queues.get(lock).remove();
                owners.set(lock, next);
                send(node, next % nodes, "GRANT " + next + " " + lock);
            }
        });
    }

    @Override
    Bytes state(int node) {
        StringBuilder text = new StringBuilder();
        for (int lock = node; lock < owners.size() && books != Books.ASKERS; lock += nodes) {
            if (owners.get(lock) != null) {
                text.append("held ")
                        .append(owners.get(lock))
                        .append(' ')
                        .append(lock)
                        .append('\n');
            }
            for (int process : queues.get(lock)) {
                text.append("awaited ").append(process).append(' ').append(lock).append('\n');
            }
        }
        for (int process = node; process < holds.size() && books != Books.GIVERS; process += nodes) {
            for (int lock : holds.get(process)) {
                text.append("held ").append(process).append(' ').append(lock).append('\n');
            }
            for (int lock : wants.get(process)) {
                text.append("awaited ").append(process).append(' ').append(lock).append('\n');
            }
        }
        return Bytes.utf8(text.toString());
    }

    static Claims<Integer, Integer> claims(Bytes state) {
        List<Claim<Integer, Integer>> held = new ArrayList<>();
        List<Claim<Integer, Integer>> awaited = new ArrayList<>();
        state.toUtf8().lines().forEach(line -> {
            String[] parts = line.split(" ", -1);
            (parts[0].equals("held") ? held : awaited)
                    .add(new Claim<>(Integer.valueOf(parts[1]), Integer.valueOf(parts[2])));
        });
        return new Claims<>(held, awaited);
    }

    static Optional<ClaimMessage<Integer, Integer>> message(Bytes message) {
        String[] parts = message.toUtf8().split(" ", -1);
        return parts.length < 3
                ? Optional.empty()
                : Optional.of(
                        ClaimMessage.of(Kind.valueOf(parts[0]), Integer.valueOf(parts[1]), Integer.valueOf(parts[2])));
    }

    /** Processes in a cycle of waits, from the knowledge of all nodes and all channels together. */
    @Override
    Set<String> facts() {
        int processes = holds.size();
        boolean[][] behind = new boolean[processes][processes];
        for (int waiter = 0; waiter < processes; waiter++) {
            for (int lock : wants.get(waiter)) {
                Integer owner = owners.get(lock);
                if (owner != null && owner != waiter && (holds.get(owner).contains(lock) || granted(owner, lock))) {
                    behind[waiter][owner] = true;
                }
            }
        }
        for (int middle = 0; middle < processes; middle++) {
            for (int from = 0; from < processes; from++) {
                for (int to = 0; to < processes; to++) {
                    behind[from][to] |= behind[from][middle] && behind[middle][to];
                }
            }
        }
        TreeSet<String> circle = new TreeSet<>();
        for (int process = 0; process < processes; process++) {
            if (behind[process][process]) {
                circle.add("p" + process);
            }
        }
        if (!stuck().containsAll(circle)) {
            throw new IllegalStateException("of " + circle + " only " + stuck() + " get stuck");
        }
        return circle;
    }

    /** True if the lock is in flight to the process. */
    private boolean granted(int process, int lock) {
        Bytes grant = Bytes.utf8("GRANT " + process + " " + lock);
        return channel(lock % nodes, process % nodes).stream()
                .anyMatch(each -> each.message().equals(grant));
    }

    /**
     * Processes that still wait if nobody asks for more from now on, and all that need not wait give everything back.
     *
     * <p>In other orders other processes might still wait. But of those that wait in a cycle already, none can go on in
     * any order.
     */
    private Set<String> stuck() {
        LockWorld later = new LockWorld(this);
        boolean moved = true;
        while (moved) {
            later.drain();
            moved = false;
            for (int process = 0; process < holds.size(); process++) {
                if (later.wants.get(process).isEmpty()) {
                    for (int lock : List.copyOf(later.holds.get(process))) {
                        later.release(process, lock);
                        moved = true;
                    }
                }
            }
        }
        TreeSet<String> stuck = new TreeSet<>();
        for (int process = 0; process < holds.size(); process++) {
            if (!later.wants.get(process).isEmpty()) {
                stuck.add("p" + process);
            }
        }
        return stuck;
    }

    /** Runs seeds until one fails. */
    public static String firstViolation(long firstSeed, int seeds) {
        for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
            Random random = new Random(seed);
            int nodes = 2 + random.nextInt(3);
            Books books = Books.values()[random.nextInt(3)];
            Deadlock<Integer, Integer> deadlock =
                    new Deadlock<>(SnapshotRun.computation(nodes), LockWorld::claims, LockWorld::message);
            String violation;
            try {
                violation = SnapshotRun.violation(
                        new LockWorld(nodes, 2 + random.nextInt(5), 2 + random.nextInt(6), books),
                        random,
                        cut -> deadlock.find(cut).map(LockWorld::processes).orElse(Set.of()),
                        (before, found) -> before.isEmpty() || !found.isEmpty());
            } catch (IllegalStateException e) {
                violation = e.getMessage();
            }
            if (!violation.isEmpty()) {
                return "seed " + seed + ", written down by " + books + ": " + violation;
            }
        }
        return "";
    }

    /** Processes of a cycle, which must be one. */
    private static Set<String> processes(Cycle<Integer, Integer> cycle) {
        TreeSet<String> processes = new TreeSet<>();
        for (int i = 0; i < cycle.waits().size(); i++) {
            Integer next = cycle.waits().get((i + 1) % cycle.waits().size()).process();
            if (!cycle.waits().get(i).holder().equals(next)) {
                throw new IllegalStateException("no cycle: " + cycle);
            }
            processes.add("p" + next);
        }
        return processes;
    }
}
