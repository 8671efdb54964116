package io.loggos.paxos.runtime;

import io.loggos.api.spi.AcceptorLog;
import io.loggos.api.spi.Clock;
import io.loggos.api.spi.MeterScope;
import io.loggos.api.spi.Roster;
import io.loggos.api.spi.Transport;
import io.loggos.paxos.runtime.loop.LogServices;
import io.loggos.storage.checkpoint.DirectoryCheckpointStore;
import java.util.random.RandomGenerator;

/**
 * Everything that a node touches outside itself: the machine's, or the simulation's.
 *
 * @param random decides pauses and numbers that only have to differ
 * @param nonces decides numbers that nobody may foresee, outside of the simulation
 * @param meters those of this node, which end with it
 */
public record NodeEnvironment(
        Clock clock,
        RandomGenerator random,
        RandomGenerator nonces,
        AcceptorLog log,
        Roster roster,
        DirectoryCheckpointStore checkpoints,
        Transport transport,
        MeterScope meters,
        LogServices.Trace trace) {}
