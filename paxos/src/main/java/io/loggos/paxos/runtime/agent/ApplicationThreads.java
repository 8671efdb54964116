package io.loggos.paxos.runtime.agent;

import io.loggos.api.node.ErrorHandler;
import io.loggos.internal.loop.Agent;
import io.loggos.internal.user.Lane;
import io.loggos.internal.user.UserCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of a node that run the application's code, and the place to which its errors go. */
public final class ApplicationThreads implements UserCode {
    private static final Logger LOGGER = LoggerFactory.getLogger(ApplicationThreads.class);
    private static final ErrorHandler LOG = (source, cause) -> LOGGER.error("{} threw", source, cause);
    private static final int TASKS_PER_TURN = 64;

    private final AgentRunner agents;
    private final ErrorHandler errors;
    private final Executor answers;
    /** Lanes that were made before the agents run; null once they run. */
    private @Nullable List<Consumer<BiConsumer<Agent, Throwable>>> waiting = new ArrayList<>();

    private BiConsumer<Agent, Throwable> onDeath = (agent, cause) -> {};

    /**
     * Creates the threads of a node.
     *
     * @param onError receives what the application's code throws; empty to log it
     */
    public ApplicationThreads(AgentRunner agents, Optional<ErrorHandler> onError) {
        this.agents = agents;
        this.errors = onError.orElse(LOG);
        this.answers = agents.pool("answer");
    }

    /**
     * Starts the threads of the lanes that were made, and of those to come.
     *
     * @param death receives an agent of which the node's own code threw
     */
    public synchronized void start(BiConsumer<Agent, Throwable> death) {
        onDeath = death;
        List<Consumer<BiConsumer<Agent, Throwable>>> made = waiting;
        waiting = null;
        if (made != null) {
            made.forEach(each -> each.accept(death));
        }
    }

    @Override
    public Lane lane(String name) {
        AgentRunner.Seat seat = agents.seat(name, AgentRunner.Kind.APPLICATION);
        Lane lane = new Lane(seat::wake, seat::close);
        LaneAgent agent = new LaneAgent(name, lane);
        begin(seat, agent);
        return lane;
    }

    private synchronized void begin(AgentRunner.Seat seat, Agent agent) {
        if (waiting == null) {
            seat.run(agent, onDeath);
        } else {
            waiting.add(death -> seat.run(agent, death));
        }
    }

    @Override
    public Lane lane(String name, Executor executor) {
        return new Drain(name, executor).lane;
    }

    /** Gives an executor of the application one task at a time. */
    private final class Drain implements Runnable {
        private final String name;
        private final Executor executor;
        private final AtomicBoolean given = new AtomicBoolean();
        private final Lane lane = new Lane(this::give, () -> {});

        Drain(String name, Executor executor) {
            this.name = name;
            this.executor = executor;
        }

        private void give() {
            if (given.compareAndSet(false, true) && !attempt("the executor of " + name, () -> executor.execute(this))) {
                given.set(false);
            }
        }

        @Override
        public void run() {
            lane.drain(TASKS_PER_TURN);
            given.set(false);
            if (!lane.isEmpty()) {
                give();
            }
        }
    }

    @Override
    public void answer(Runnable completion) {
        answers.execute(completion);
    }

    @Override
    public void threw(String source, Throwable cause) {
        try {
            errors.onError(source, cause);
        } catch (Throwable again) {
            LOGGER.error("{} threw", source, cause);
            LOGGER.error("the receiver of errors threw", again);
        }
    }
}
