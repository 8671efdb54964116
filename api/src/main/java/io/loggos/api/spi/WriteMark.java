package io.loggos.api.spi;

/**
 * A statement about a store: in this life of its node, so many of its writes were synced.
 *
 * <p>The writes of a store are counted over all its lives. A sound store holds every mark that it has ever given. An
 * older copy of the store does not, and neither does a disk that has lost synced writes (RULES.md O-4).
 *
 * @param incarnation the incarnation of the store
 * @param life a random number of the life in which the mark was given
 * @param writes the number of the last write that was synced, counted from the first write of the store
 */
public record WriteMark(long incarnation, long life, long writes) {
    /** The mark that says nothing. */
    public static final WriteMark NONE = new WriteMark(0, 0, 0);
}
