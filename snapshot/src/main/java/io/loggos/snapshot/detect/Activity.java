package io.loggos.snapshot.detect;

/**
 * Activity of one process of a computation.
 *
 * @param passive it does nothing and sends no work until work comes, or a timer fires
 * @param timers how many timers are pending that may make it active, or send work
 */
public record Activity(boolean passive, int timers) {
    /** True if only a message can wake it. */
    public boolean ended() {
        return passive && timers == 0;
    }
}
