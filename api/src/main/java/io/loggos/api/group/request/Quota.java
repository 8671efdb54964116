package io.loggos.api.group.request;

/** The number of answers that a request to all members waits for. */
public enum Quota {
    /** One answer. */
    FIRST,
    /** Answers of more than half of the members. */
    MAJORITY,
    /** Answers of all members. */
    ALL;

    /** Returns the number of answers that are enough among so many members. */
    public int of(int members) {
        return switch (this) {
            case FIRST -> Math.min(1, members);
            case MAJORITY -> members / 2 + 1;
            case ALL -> members;
        };
    }
}
