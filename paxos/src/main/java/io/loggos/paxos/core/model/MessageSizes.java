package io.loggos.paxos.core.model;

import io.loggos.api.spi.LogEntry;
import java.util.List;

/**
 * The sizes that messages may have, all derived from the size of a frame.
 *
 * <p>A message of a log holds values or commands, and is built within these sizes. So every message fits a frame.
 * {@code MessageSizesTest} proves it for all allowed options.
 *
 * @param frameBytes the size of the largest frame of the links
 */
public record MessageSizes(int frameBytes) {
    /**
     * The part of a frame that options leave free, so that commands of the largest size fit with everything around
     * them.
     */
    public static final int RESERVED_BYTES = 4 << 10;

    /** Greatest size of a frame without the entries or commands in it: its header, and the message's fixed fields. */
    static final int FIXED_BYTES = 128;
    /** Size of an entry without its value. */
    static final int ENTRY_BYTES = 25;
    /** Size beyond which a message takes no further entry. */
    private static final int PART_BYTES = 1 << 20;
    /** Size beyond which a message takes no further command. */
    private static final int FORWARD_BYTES = 512 << 10;

    /** Tells if a message can carry a value, whichever message it is. */
    public boolean carries(long valueBytes) {
        return valueBytes <= frameBytes - FIXED_BYTES - ENTRY_BYTES;
    }

    /** Tells if a leader can propose a command of another node. */
    public boolean carriesCommand(Submission command) {
        return carries((long) Batch.HEADER_BYTES + command.sizeBytes());
    }

    /** Returns the size of an entry in a message. */
    public static int sizeOf(LogEntry entry) {
        return ENTRY_BYTES + entry.value().size();
    }

    /**
     * Tells if a message that has entries of this size takes one more. A first entry may be large; {@link #carries}
     * tells if it may be sent at all.
     */
    public boolean admits(long entriesBytes, LogEntry next) {
        return entriesBytes == 0 || entriesBytes + sizeOf(next) <= Math.min(PART_BYTES, frameBytes - FIXED_BYTES);
    }

    /** Returns the first of these entries, as many as one message carries. */
    public List<LogEntry> firstPart(List<LogEntry> entries) {
        int count = 0;
        long bytes = 0;
        while (count < entries.size()
                && carries(entries.get(count).value().size())
                && admits(bytes, entries.get(count))) {
            bytes += sizeOf(entries.get(count++));
        }
        return List.copyOf(entries.subList(0, count));
    }

    /** Tells if a message that has commands of this size takes one more. */
    public boolean admits(long commandsBytes, Submission next) {
        return commandsBytes == 0 || commandsBytes + next.sizeBytes() <= forwardBytes();
    }

    /** Returns the size of the commands in a message, unless a single one is larger. */
    public int forwardBytes() {
        return Math.min(FORWARD_BYTES, frameBytes - FIXED_BYTES);
    }
}
