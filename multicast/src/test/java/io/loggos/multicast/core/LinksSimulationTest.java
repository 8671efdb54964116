package io.loggos.multicast.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.loggos.multicast.wire.Frame.Welcome;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random runs over a network that breaks, cuts and loses, with nodes that crash and pause.
 *
 * <p>{@link LinkOracle} judges each delivery, and at the end of each run all messages get through again. Then the rules
 * are broken one by one, and each time some run must fail.
 */
class LinksSimulationTest {
    private static final int SEEDS = Integer.getInteger("sim.seeds", 60);
    private static final long SECOND = 1_000_000_000L;

    @Test
    void whatALinkPromisesHoldsUnderAllFaults() {
        long delivered = 0;
        long resets = 0;
        for (long seed = first(); seed < first() + SEEDS; seed++) {
            LinkCluster cluster = run(seed, new LinkRules());
            delivered += cluster.oracle.delivered();
            resets += cluster.oracle.resets();
        }
        assertTrue(delivered > 1000L * SEEDS, "only " + delivered + " messages were delivered");
        assertTrue(resets > 10L * SEEDS, "only " + resets + " generations began");
    }

    @Test
    void aRunIsAFunctionOfItsSeed() {
        LinkCluster one = run(7, new LinkRules());
        LinkCluster same = run(7, new LinkRules());
        assertEquals(one.oracle.delivered(), same.oracle.delivered());
        assertEquals(one.network.framesDelivered(), same.network.framesDelivered());
        assertEquals(one.network.framesLost(), same.network.framesLost());
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void aWrongRuleIsFound(LinkRules mutant) {
        for (long seed = 1; seed <= 40; seed++) {
            try {
                run(seed, mutant);
            } catch (AssertionError | IllegalStateException found) {
                return;
            }
        }
        fail("40 runs did not find that " + mutant);
    }

    static Stream<LinkRules> mutants() {
        return Stream.of(
                new Mutant("the sender goes on one message late") {
                    @Override
                    long resumeAt(long received) {
                        return received + 2;
                    }
                },
                new Mutant("the sender goes on one message early, and the receiver lets it") {
                    @Override
                    long resumeAt(long received) {
                        return Math.max(1, received);
                    }

                    @Override
                    boolean isDuplicate(long number, long received) {
                        return false;
                    }
                },
                new Mutant("the sender goes on one message late, and the receiver sees no gap") {
                    @Override
                    long resumeAt(long received) {
                        return received + 2;
                    }

                    @Override
                    boolean isGap(long first, long received) {
                        return false;
                    }
                },
                new Mutant("the receiver acknowledges what it has not delivered") {
                    @Override
                    long acknowledges(long received) {
                        return received + 1;
                    }
                },
                new Mutant("the sender goes on with a new process of its peer") {
                    @Override
                    boolean resumes(boolean sameLife, long generation, long acknowledged, long sent, Welcome welcome) {
                        return true;
                    }
                });
    }

    private static class Mutant extends LinkRules {
        private final String name;

        Mutant(String name) {
            this.name = name;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static long first() {
        return Long.getLong("sim.seed", 1);
    }

    private static LinkCluster run(long seed, LinkRules rules) {
        try {
            return new Run(seed, rules).go();
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw new IllegalStateException("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private static final class Run {
        private final LinkCluster cluster;
        private final RandomGenerator random;
        private final List<LinkCluster.Node> nodes;

        Run(long seed, LinkRules rules) {
            cluster = new LinkCluster(seed, 2 + (int) (seed % 3), rules);
            random = cluster.random;
            nodes = new ArrayList<>(cluster.nodes.values());
        }

        LinkCluster go() {
            cluster.network.delay(50_000, 50_000 + random.nextLong(50_000_000));
            cluster.startAll();
            long end = 20 * SECOND;
            cluster.time.after(0, () -> talk(end));
            cluster.time.after(SECOND, () -> disturb(end));
            cluster.time.runUntil(end);
            cluster.network.healAll();
            for (LinkCluster.Node node : nodes) {
                if (!node.running()) {
                    node.start();
                }
                node.resume();
            }
            cluster.run(15 * SECOND);
            everythingGoesThrough();
            return cluster;
        }

        private void talk(long end) {
            LinkCluster.Node from = any();
            LinkCluster.Node to = any();
            if (from != to && from.running()) {
                int burst = 1 + random.nextInt(8);
                int padding = random.nextInt(4) == 0 ? random.nextInt(20_000) : random.nextInt(50);
                for (int i = 0; i < burst; i++) {
                    from.send(to.id, padding);
                }
            }
            if (cluster.time.nanos() < end) {
                cluster.time.after(random.nextLong(10_000_000), () -> talk(end));
            }
        }

        private void disturb(long end) {
            LinkCluster.Node one = any();
            LinkCluster.Node other = any();
            if (one != other) {
                disturb(one, other);
            }
            if (cluster.time.nanos() < end) {
                cluster.time.after(random.nextLong(700_000_000), () -> disturb(end));
            }
        }

        private void disturb(LinkCluster.Node one, LinkCluster.Node other) {
            long while_ = random.nextLong(3 * SECOND);
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> cluster.network.breakConnection(one.id, other.id);
                case 3 -> {
                    cluster.network.cut(one.id, other.id);
                    cluster.time.after(while_, () -> cluster.network.heal(one.id, other.id));
                }
                case 4 -> {
                    cluster.network.cutBoth(one.id, other.id);
                    cluster.time.after(while_, () -> cluster.network.healBoth(one.id, other.id));
                }
                case 5 -> {
                    one.pause();
                    cluster.time.after(while_, one::resume);
                }
                case 6 -> restart(one, one::crash, while_);
                default -> restart(one, one::powerOff, while_);
            }
        }

        private void restart(LinkCluster.Node node, Runnable end, long afterNanos) {
            if (node.running()) {
                end.run();
                cluster.time.after(afterNanos / (1 + random.nextInt(100)), () -> {
                    if (!node.running()) {
                        node.start();
                    }
                });
            }
        }

        private void everythingGoesThrough() {
            assertTrue(cluster.isConnected(), "not everybody has contact with everybody");
            for (LinkCluster.Node from : nodes) {
                assertEquals(1, from.formed, from.id + " has formed");
                assertEquals(0, from.invalidFrames(), from.id + " was sent what is no frame");
                for (LinkCluster.Node to : nodes) {
                    if (from != to) {
                        LinkStatus out = from.links().status(to.id);
                        LinkStatus in = to.links().status(from.id);
                        String link = from.id + "→" + to.id + ": ";
                        assertEquals(out.queued(), out.acknowledged(), link + "not all is acknowledged");
                        assertEquals(out.generation(), in.incomingGeneration(), link + "generations differ");
                        assertEquals(out.queued(), in.received(), link + "not all is received");
                    }
                }
            }
        }

        private LinkCluster.Node any() {
            return nodes.get(random.nextInt(nodes.size()));
        }
    }
}
