package io.loggos.storage.kv;

import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.maintenance.KeyValueOptions;
import io.loggos.api.replica.Replica;
import io.loggos.internal.user.Lane;
import io.loggos.internal.user.UserCode;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/** Threads for the application's code in tests. They end when they are idle. */
public final class UserThreads implements UserCode {
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "user-code");
        thread.setDaemon(true);
        return thread;
    });

    /** Returns a store with threads of its own. */
    public static KeyValueStore store(Replica replica, KeyValueStateMachine machine) {
        return new ReplicatedKeyValueStore(
                replica, machine, new UserThreads(), KeyValueOptions.defaults().forMember(1));
    }

    @Override
    public Lane lane(String name) {
        return lane(name, threads);
    }

    @Override
    public Lane lane(String name, Executor executor) {
        AtomicReference<Lane> made = new AtomicReference<>();
        Executor one = new Executor() {
            @Override
            public void execute(Runnable task) {
                executor.execute(() -> {
                    synchronized (this) {
                        made.get().drain(Integer.MAX_VALUE);
                    }
                });
            }
        };
        made.set(new Lane(() -> one.execute(() -> {}), () -> {}));
        return made.get();
    }

    @Override
    public void answer(Runnable completion) {
        threads.execute(completion);
    }

    @Override
    public void threw(String source, Throwable cause) {
        throw new AssertionError(source, cause);
    }
}
