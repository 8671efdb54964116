package io.loggos.multicast.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.NodeClosedException;
import io.loggos.api.snapshot.Participant;
import io.loggos.api.snapshot.Recorder;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.internal.user.Lane;
import io.loggos.internal.user.UserCode;
import io.loggos.multicast.runtime.node.Restored;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Participants of global snapshots: states of the application beside the groups, each with a lane for its steps. */
final class Participants {
    private static final int LONGEST_NAME = 255;

    private final UserCode userCode;
    private final BooleanSupplier isClosed;
    private final Restored restored;

    private final ConcurrentSkipListMap<String, Local> byName = new ConcurrentSkipListMap<>();

    Participants(UserCode userCode, BooleanSupplier isClosed, Restored restored) {
        this.userCode = userCode;
        this.isClosed = isClosed;
        this.restored = restored;
    }

    /** One participant. */
    final class Local implements Participant {
        private final String name;
        private final Recorder recorder;
        private final Lane lane;
        private final Steps steps;
        private volatile boolean closed;
        /** True if a group runs its listener in this lane, which then lasts as long as the node. */
        private volatile boolean shared;

        Local(String name, Recorder recorder) {
            this.name = name;
            this.recorder = recorder;
            this.lane = userCode.lane("participant-" + name);
            this.steps = new Steps(source(), lane);
        }

        private String source() {
            return "participant \"" + name + "\"";
        }

        @Override
        public String name() {
            return name;
        }

        Steps steps() {
            return steps;
        }

        @Override
        public void execute(Runnable step) {
            if (closed || isClosed.getAsBoolean()) {
                throw new NodeClosedException(source() + " is closed on this node");
            }
            steps.add(() -> userCode.attempt("a step of " + source(), step::run));
        }

        @Override
        public void close() {
            closed = true;
            if (byName.remove(name, this) && !shared) {
                lane.close();
            }
        }
    }

    /**
     * Adds a participant, once it has taken over its restored state, if there is one. Any thread.
     *
     * @throws IllegalStateException if there is one of this name
     * @throws SnapshotException if it cannot take over its state, which is kept then
     */
    Participant add(String name, Recorder recorder) {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("the name of a participant has 1 to " + LONGEST_NAME + " characters");
        }
        if (byName.containsKey(name)) {
            throw taken(name);
        }
        restored.participant(name, state -> restore(name, recorder, state));
        Local participant = new Local(name, recorder);
        if (byName.putIfAbsent(name, participant) != null) {
            participant.lane.close();
            throw taken(name);
        }
        return participant;
    }

    private void restore(String name, Recorder recorder, Bytes state) {
        try {
            recorder.restore(state);
        } catch (Throwable thrown) {
            throw new SnapshotException(
                    "participant \"" + name
                            + "\" cannot take over the state that it had in the snapshot, which is kept for"
                            + " the next start: " + thrown,
                    thrown);
        }
    }

    private static IllegalStateException taken(String name) {
        return new IllegalStateException("participant \"" + name + "\" is there on this node already");
    }

    /** Lane of a participant of this node that is used as an executor; null if it is none. */
    @Nullable
    Lane laneOf(Executor executor) {
        if (executor instanceof Local local && byName.get(local.name) == local) {
            local.shared = true;
            return local.lane;
        }
        return null;
    }

    /** Participants at this moment. Any thread. */
    List<Local> all() {
        return List.copyOf(byName.values());
    }

    /** Returns the present states of participants, none of which runs a step. */
    static SortedMap<String, Bytes> record(List<Local> participants) {
        TreeMap<String, Bytes> states = new TreeMap<>();
        for (Local participant : participants) {
            if (!participant.closed) {
                states.put(participant.name, participant.recorder.record());
            }
        }
        return states;
    }
}
