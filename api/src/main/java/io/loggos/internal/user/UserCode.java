package io.loggos.internal.user;

import java.util.concurrent.Executor;

/** The places in which a node runs the application's code. Any thread. */
public interface UserCode {
    /** A call of the application's code. */
    @FunctionalInterface
    interface Call {
        void run() throws Exception;
    }

    /**
     * Makes a lane with a thread of its own, until it is closed.
     *
     * @param name the name of its thread
     */
    Lane lane(String name);

    /**
     * Makes a lane that an executor of the application drains.
     *
     * @param name names it where the executor fails
     */
    Lane lane(String name, Executor executor);

    /** Completes a caller's future, or calls a receiver of progress: on one of several threads, in any order. */
    void answer(Runnable completion);

    /** Reports what code of the application has thrown. */
    void threw(String source, Throwable cause);

    /**
     * Calls code of the application.
     *
     * @return false if it threw, which is reported then
     */
    default boolean attempt(String source, Call call) {
        try {
            call.run();
            return true;
        } catch (Throwable thrown) {
            threw(source, thrown);
            return false;
        }
    }
}
