package io.loggos.multicast;

import io.loggos.api.Bytes;
import io.loggos.internal.codec.MalformedException;

/**
 * Protocol that a message on a link belongs to, named by the message's first byte. All protocols share the links and
 * their order.
 */
public enum ProtocolTag {
    /** Replicated logs. */
    PAXOS(1),
    /** Groups. */
    GROUP(2),
    /** Global snapshots. */
    SNAPSHOT(3);

    private final int code;

    ProtocolTag(int code) {
        this.code = code;
    }

    /** The first byte of its messages. */
    public int code() {
        return code;
    }

    /**
     * Returns the channel of a message.
     *
     * @throws MalformedException if it belongs to none
     */
    public static ProtocolTag of(Bytes message) {
        int code = message.isEmpty() ? 0 : message.at(0);
        if (code == PAXOS.code) {
            return PAXOS;
        }
        if (code == GROUP.code) {
            return GROUP;
        }
        if (code == SNAPSHOT.code) {
            return SNAPSHOT;
        }
        throw new MalformedException("a message of an unknown channel");
    }
}
