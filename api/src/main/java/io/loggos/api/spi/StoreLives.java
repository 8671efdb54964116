package io.loggos.api.spi;

import java.util.List;
import java.util.stream.Stream;

/**
 * The lives of a store, from which it tells whether it holds a {@link WriteMark}.
 *
 * <p>Each life begins behind the last write that its store holds. So a life has lost nothing if the next one begins at
 * or behind every mark of it. An older copy lacks the lives that followed it, or begins its next life too early.
 *
 * @param lives the last lives in their order, the present one last; at most {@link #KEPT}
 */
public record StoreLives(List<Life> lives) {
    /** The number of lives that a store remembers. */
    public static final int KEPT = 256;

    /**
     * A life of a store.
     *
     * @param ordinal the number of lives before it
     * @param id a random number
     * @param after the number of writes that the store held when it was opened
     */
    public record Life(long ordinal, long id, long after) {}

    public StoreLives {
        lives = List.copyOf(lives);
    }

    /** Returns the life that a store begins when it is opened with so many writes. */
    public Life next(long id, long after) {
        return new Life(lives.isEmpty() ? 0 : lives.get(lives.size() - 1).ordinal() + 1, id, after);
    }

    /** Returns the number of the last life; 0 if there was none. */
    public long last() {
        return lives.isEmpty() ? 0 : lives.get(lives.size() - 1).id();
    }

    /** Returns the lives with one more, which is the present one from now on. */
    public StoreLives with(Life life) {
        List<Life> kept = lives.subList(Math.max(0, lives.size() + 1 - KEPT), lives.size());
        return new StoreLives(Stream.concat(kept.stream(), Stream.of(life)).toList());
    }

    /**
     * Tells if the store holds a write. False means for certain that a write is lost which was synced.
     *
     * @param mark a mark of this store's incarnation
     * @param synced the number of writes that are synced now
     */
    public boolean hold(WriteMark mark, long synced) {
        if (mark.writes() == 0) {
            return true;
        }
        long end = synced;
        for (int i = lives.size() - 1; i >= 0; i--) {
            Life life = lives.get(i);
            if (life.id() == mark.life()) {
                return mark.writes() <= end;
            }
            end = life.after();
        }
        // A life that is too old to be remembered ended before those that are. Otherwise the store never had it.
        boolean forgets = !lives.isEmpty() && lives.get(0).ordinal() > 0;
        return forgets && mark.writes() <= end;
    }
}
