package io.loggos.paxos.synod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.storage.testkit.MemoryAcceptorLog;
import io.loggos.testkit.Violation;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Short runs of three nodes, two of which propose, under an adversary. Letters are lost, repeated and overtaken; timers fire
 * when it hurts; nodes die with any of their unsynced turns. The judge looks at every event. A run is a function of its seed.
 */
class SynodExplorationTest {
    private static final int SCHEDULES = 20_000;
    private static final int MOST_EVENTS = 70;

    @Test
    void agreementAndValidityHoldInEveryRun() {
        int decided = 0;
        for (long seed = 1; seed <= SCHEDULES; seed++) {
            SynodWorld world = explore(seed, Flaw.NONE);
            decided += world.judge().chosen() == null ? 0 : 1;
        }
        assertTrue(decided > SCHEDULES / 10, "only " + decided + " runs came to a decision under the adversary");
        assertTrue(decided < SCHEDULES, "the adversary never kept a run from deciding");
    }

    /** Once the adversary is gone, every run ends with one decision that all nodes know. */
    @Test
    void everyRunThatIsLeftAloneEnds() {
        for (long seed = 1; seed <= SCHEDULES / 20; seed++) {
            SynodWorld world = explore(seed, Flaw.NONE);
            for (SynodNode node : world.nodes()) {
                if (!node.isUp()) {
                    node.start();
                }
            }
            world.node(1).propose("at last");
            world.settle(2_000);
            for (SynodNode node : world.nodes()) {
                assertEquals(world.judge().chosen(), node.decided(), "seed " + seed);
            }
        }
    }

    /** The judge itself is on trial: each flaw must come out. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void everyFlawIsNoticed(Flaw flaw) {
        assertThrows(
                Violation.class,
                () -> {
                    for (long seed = 1; seed <= SCHEDULES; seed++) {
                        explore(seed, flaw);
                    }
                },
                () -> flaw + " went unnoticed");
    }

    private static SynodWorld explore(long seed, Flaw flaw) {
        SplittableRandom random = new SplittableRandom(seed);
        SynodWorld world = new SynodWorld(3, flaw, seed, id -> new MemoryAcceptorLog(id.value()));
        double lost = random.nextInt(3) * 0.1;
        double repeated = random.nextInt(3) * 0.1;
        double reordered = random.nextInt(2) * 0.8;
        int crashes = random.nextInt(4);
        world.node(1).propose("1 at first");
        for (int event = 0; event < MOST_EVENTS; event++) {
            world.advance(1);
            SynodNode node = world.node(1 + random.nextInt(world.size()));
            int kind = random.nextInt(20);
            if (!node.isUp()) {
                node.start();
                if (node.id.value() < 3) {
                    node.propose(node.id + " at " + event);
                }
            } else if (kind == 0 && crashes > 0) {
                crashes--;
                node.crash(random.nextInt(3));
            } else if (kind == 1) {
                if (world.node(2).isUp()) {
                    world.node(2).propose("2 at " + event);
                }
            } else if (kind == 2 && node.timerAt() != Long.MAX_VALUE) {
                node.fireTimer();
            } else if (kind < 8) {
                node.sync();
            } else if (!world.letters().isEmpty()) {
                deliver(world, lost, repeated, reordered, random);
            }
        }
        return world;
    }

    private static void deliver(
            SynodWorld world, double lost, double repeated, double reordered, SplittableRandom random) {
        List<SynodWorld.Letter> letters = world.letters();
        int which = random.nextDouble() < reordered ? random.nextInt(letters.size()) : 0;
        SynodWorld.Letter letter = random.nextDouble() < repeated ? letters.get(which) : letters.remove(which);
        if (random.nextDouble() >= lost) {
            world.deliver(letter);
        }
    }
}
