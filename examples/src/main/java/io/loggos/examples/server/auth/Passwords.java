package io.loggos.examples.server.auth;

import io.loggos.examples.server.call.EtcdErrors;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.security.crypto.bcrypt.BCrypt;

/**
 * Hashes of passwords by bcrypt. A hash takes some 50 ms by intention, so two threads of their own compute them, and what
 * comes in too fast is refused.
 */
final class Passwords implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int MOST_WAITING = 256;

    private final int cost;
    private final ThreadPoolExecutor threads;

    /** @param cost the logarithm of the number of rounds, from 4 to 31 */
    Passwords(int cost) {
        this.cost = cost;
        threads = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), task -> {
                    Thread thread = new Thread(task, "loggos-passwords");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Hashes a password. */
    CompletableFuture<String> hash(String password) {
        return compute(() -> BCrypt.hashpw(password, BCrypt.gensalt(cost)));
    }

    /** Tells if a hash is that of a password. */
    CompletableFuture<Boolean> matches(String password, String hash) {
        return compute(() -> {
            try {
                return BCrypt.checkpw(password, hash);
            } catch (IllegalArgumentException notOfBcrypt) {
                return false; // A client may have given a hash of its own making.
            }
        });
    }

    private <T> CompletableFuture<T> compute(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, threads);
        } catch (RejectedExecutionException full) {
            return CompletableFuture.failedFuture(EtcdErrors.TOO_MANY_REQUESTS.asRuntimeException());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
