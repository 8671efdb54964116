package io.loggos.benchmarks.systems.microraft;

/** Kinds of MicroRaft's messages on the wire. */
enum MessageKind {
    APPEND(0),
    APPENDED(1),
    NOT_APPENDED(2),
    INSTALL(3),
    INSTALLED(4),
    PRE_VOTE(5),
    PRE_VOTED(6),
    VOTE(7),
    VOTED(8),
    LEAD(9);

    private static final MessageKind[] BY_NUMBER = values();

    private final byte number;

    MessageKind(int number) {
        this.number = (byte) number;
    }

    static MessageKind of(byte number) {
        return BY_NUMBER[number];
    }

    byte number() {
        return number;
    }
}
