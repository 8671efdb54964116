package io.loggos.api.group;

import io.loggos.api.LogId;

/** The number of a group in frames: the first eight bytes of the SHA-256 of its name, as in {@link LogId}. */
public record GroupId(long value) implements Comparable<GroupId> {
    /** Returns the id of the group with this name. */
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
