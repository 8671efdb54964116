package io.loggos.api.node;

/**
 * Receives what code of the application has thrown in a callback.
 *
 * <p>The callbacks are the methods of listeners, recorders, properties, and receivers of progress, and the steps of
 * participants. Nothing else of the node is harmed by the exception. The Javadoc of each callback tells its effect
 * there.
 */
@FunctionalInterface
public interface ErrorHandler {
    /**
     * Reports one exception or error. On the thread that ran the callback, so it must not block.
     *
     * <p>An exception from this method is logged.
     *
     * @param source the callback, such as {@code the listener of group "feed"}
     */
    void onError(String source, Throwable cause);
}
