package io.loggos.snapshot.detect;

import io.loggos.api.Bytes;
import java.util.Random;
import java.util.Set;

/** Processes that send each other work and other messages, set timers, and become passive. */
public final class TerminationWorld extends World {
    private final boolean[] active;
    private final int[] timers;
    private int strength;

    private TerminationWorld(int nodes, int strength) {
        super(nodes);
        this.active = new boolean[nodes];
        this.timers = new int[nodes];
        this.strength = strength;
        active[0] = true;
    }

    private TerminationWorld(TerminationWorld other) {
        super(other);
        this.active = other.active.clone();
        this.timers = other.timers.clone();
        this.strength = other.strength;
    }

    @Override
    void step(int node, Random random) {
        int to = random.nextInt(nodes);
        if (!active[node]) {
            if (timers[node] > 0 && random.nextInt(4) == 0) {
                timers[node]--;
                active[node] = true;
            } else if (random.nextInt(8) == 0) {
                send(node, to, "talk");
            }
            return;
        }
        switch (random.nextInt(4)) {
            case 0 -> {
                if (strength-- > 0) {
                    send(node, to, "work");
                }
            }
            case 1 -> {
                if (strength-- > 0) {
                    timers[node]++;
                }
            }
            default -> active[node] = false;
        }
    }

    @Override
    void receive(int node, int from, String message) {
        active[node] |= message.equals("work");
    }

    @Override
    Bytes state(int node) {
        return Bytes.utf8(active[node] + " " + timers[node]);
    }

    static Activity activity(Bytes state) {
        String[] parts = state.toUtf8().split(" ", -1);
        return new Activity(!Boolean.parseBoolean(parts[0]), Integer.parseInt(parts[1]));
    }

    /** True for all if no process can act once all messages in flight have come. */
    @Override
    Set<String> facts() {
        TerminationWorld later = new TerminationWorld(this);
        later.drain();
        for (int node = 0; node < nodes; node++) {
            if (later.active[node] || later.timers[node] > 0) {
                return Set.of();
            }
        }
        return Set.of("ended");
    }

    /** Runs seeds until one fails. */
    public static String firstViolation(long firstSeed, int seeds) {
        for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
            Random random = new Random(seed);
            int nodes = 2 + random.nextInt(4);
            Termination termination = new Termination(
                    SnapshotRun.computation(nodes),
                    TerminationWorld::activity,
                    message -> message.toUtf8().equals("work"));
            String violation = SnapshotRun.violation(
                    new TerminationWorld(nodes, random.nextInt(25)),
                    random,
                    cut -> termination.find(cut).isPresent() ? Set.of("ended") : Set.of(),
                    (before, found) -> found.containsAll(before));
            if (!violation.isEmpty()) {
                return "seed " + seed + ": " + violation;
            }
        }
        return "";
    }
}
