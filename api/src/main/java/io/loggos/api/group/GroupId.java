package io.loggos.api.group;

import io.loggos.api.LogId;

/** Names a group in frames: the first eight bytes of the SHA-256 of its name, as {@link LogId} does for logs. */
public record GroupId(long value) implements Comparable<GroupId> {
    /** The id of the group of this name. */
    public static GroupId ofName(String name) {
        return new GroupId(LogId.ofName(name).value());
    }

    @Override
    public int compareTo(GroupId other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return "group-" + Long.toHexString(value);
    }
}
