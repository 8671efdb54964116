package io.loggos.snapshot.detect;

/**
 * What one process of a computation was doing.
 *
 * @param passive it does nothing and sends no work until work comes, or a timer fires
 * @param timers how many timers are pending that may make it active, or send work
 */
public record Activity(boolean passive, int timers) {
    /** Whether only a message can wake it. */
    public boolean ended() {
        return passive && timers == 0;
    }
}
