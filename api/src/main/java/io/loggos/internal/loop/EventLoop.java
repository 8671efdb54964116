package io.loggos.internal.loop;

/**
 * The event loop of a node: one thread of control that owns all protocol state of the node. What it is given is a step,
 * and steps run one after the other, in the order of their arrival.
 */
public interface EventLoop {
    /** A step of the loop. */
    @FunctionalInterface
    interface Step {
        /**
         * Runs the step, on the loop's thread.
         *
         * @param now monotonic time of the turn in nanoseconds
         */
        void at(long now);

        /** Takes the place of {@link #at} if the loop ends before the step has run. On any thread, never thrown from. */
        default void dropped() {}

        /** Returns this step with an action for the case that the loop ends before the step has run. */
        default Step orElse(Runnable whenDropped) {
            Step step = this;
            return new Step() {
                @Override
                public void at(long now) {
                    step.at(now);
                }

                @Override
                public void dropped() {
                    whenDropped.run();
                }
            };
        }
    }

    /** Runs a step soon, for a caller outside the node. Any thread. */
    void submit(Step step);

    /** Runs a step soon, for a thread of the node, which may turn the loop itself for it. */
    void deliver(Step step);

    /**
     * Runs a step once a time has come. On the loop's thread.
     *
     * @param atNanos monotonic time in nanoseconds
     */
    void later(long atNanos, Step step);
}
