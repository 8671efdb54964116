package io.loggos.multicast.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.NodeClosedException;
import io.loggos.api.snapshot.Participant;
import io.loggos.api.snapshot.Recorder;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Participants of global snapshots: states of the application beside the groups. Their steps run on the listeners'
 * thread.
 */
final class Participants {
    private static final Logger LOGGER = LoggerFactory.getLogger(Participants.class);
    private static final int LONGEST_NAME = 255;

    private final DeliveryAgent agent;
    private final BooleanSupplier isClosed;
    /** Gives a participant's state from the cluster that this one was restored from, once. */
    private final Function<String, Optional<Bytes>> restored;

    private final ConcurrentSkipListMap<String, Local> byName = new ConcurrentSkipListMap<>();

    Participants(DeliveryAgent agent, BooleanSupplier isClosed, Function<String, Optional<Bytes>> restored) {
        this.agent = agent;
        this.isClosed = isClosed;
        this.restored = restored;
    }

    private final class Local implements Participant {
        private final String name;
        private final Recorder recorder;
        private volatile boolean closed;

        Local(String name, Recorder recorder) {
            this.name = name;
            this.recorder = recorder;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void execute(Runnable step) {
            if (closed || isClosed.getAsBoolean()) {
                throw new NodeClosedException("participant \"" + name + "\" is closed on this node");
            }
            agent.execute(() -> {
                try {
                    step.run();
                } catch (RuntimeException e) {
                    LOGGER.error("participant \"{}\": a step threw", name, e);
                }
            });
        }

        @Override
        public void close() {
            closed = true;
            byName.remove(name, this);
        }
    }

    /**
     * Adds a participant. Any thread.
     *
     * @throws IllegalStateException if there is one of this name
     */
    Participant add(String name, Recorder recorder) {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("the name of a participant has 1 to " + LONGEST_NAME + " characters");
        }
        Local participant = new Local(name, recorder);
        if (byName.putIfAbsent(name, participant) != null) {
            throw new IllegalStateException("participant \"" + name + "\" is there on this node already");
        }
        restored.apply(name).ifPresent(state -> participant.execute(() -> recorder.restore(state)));
        return participant;
    }

    /** Returns the present states of the participants. On the listeners' thread. */
    SortedMap<String, Bytes> record() {
        TreeMap<String, Bytes> states = new TreeMap<>();
        byName.forEach((name, participant) -> states.put(name, participant.recorder.record()));
        return states;
    }
}
