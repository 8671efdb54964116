package io.loggos.storage.kv.watch;

import io.loggos.internal.user.Lane;
import io.loggos.internal.user.UserCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;

/** Keeps the tasks of the application's code until the test runs them. */
final class QueuedUserCode implements UserCode {
    final List<Lane> lanes = new ArrayList<>();
    final Deque<Runnable> answers = new ArrayDeque<>();

    @Override
    public Lane lane(String name) {
        Lane lane = new Lane(() -> {}, () -> {});
        lanes.add(lane);
        return lane;
    }

    @Override
    public Lane lane(String name, Executor executor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void answer(Runnable completion) {
        answers.add(completion);
    }

    @Override
    public void threw(String source, Throwable cause) {
        if (cause instanceof RuntimeException failure) {
            throw failure;
        }
        throw new AssertionError(source, cause);
    }
}
