package io.loggos.paxos.members;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.paxos.core.model.Configuration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The knowledge of one node about the members, as it is on its disk.
 *
 * <p>Without a change it is the first configuration alone, which the node takes from its options and never stores.
 *
 * @param first the first configuration of the cluster; null for a node that has joined later
 * @param present the present configuration, with the addresses of all members; number 0 for a node that is to join
 * @param previous the configuration before, until the change from it is complete; else null
 * @param catalogue the logs that existed when the present configuration was decided, each with the number of the
 *     configuration in which it began, or 0 if that is not known
 * @param removed the stores that are no members any more, with the number of the configuration that lacks them
 * @param sealed the number of the configuration that is to come, once the node begins no new logs before it; else 0
 */
public record Membership(
        @Nullable Configuration first,
        Configuration present,
        @Nullable Configuration previous,
        SortedMap<LogId, Long> catalogue,
        SortedMap<Long, Long> removed,
        long sealed) {
    private static final int VERSION = 1;

    public Membership {
        catalogue = Collections.unmodifiableSortedMap(new TreeMap<>(catalogue));
        removed = Collections.unmodifiableSortedMap(new TreeMap<>(removed));
    }

    /** Returns the membership of a node of a new cluster. */
    public static Membership initial(Configuration first) {
        return new Membership(first, first, null, Collections.emptySortedMap(), Collections.emptySortedMap(), 0);
    }

    /** Returns the membership of a node that is to join. It begins no logs. */
    public static Membership toJoin(SortedSet<NodeId> asked) {
        return new Membership(
                null,
                Configuration.unknown(asked),
                null,
                Collections.emptySortedMap(),
                Collections.emptySortedMap(),
                1);
    }

    /** Returns what a node is told that joins. */
    public Membership forNewcomer() {
        return new Membership(null, present, null, catalogue, removed, 0);
    }

    /** Returns the membership of a node that begins no new logs before the configuration with this number. */
    public Membership sealedFor(long number, @Nullable Configuration firstWithStores) {
        return new Membership(firstWithStores, present, previous, catalogue, removed, number);
    }

    /** Returns the membership in the next configuration. */
    public Membership in(Configuration next, SortedMap<LogId, Long> logs) {
        Configuration before = present.number() == 1 && first != null ? first : present;
        return new Membership(first, next, before.number() == 0 ? null : before, logs, removed, sealed);
    }

    /** Returns the membership once the change is complete. */
    public Membership complete() {
        TreeMap<Long, Long> gone = new TreeMap<>(removed);
        if (previous != null) {
            for (Configuration.Member member : previous.members()) {
                if (!present.has(member.node(), member.incarnation())) {
                    gone.put(member.incarnation(), present.number());
                }
            }
        }
        return new Membership(first, present, null, catalogue, gone, sealed);
    }

    /** True while the node begins no new logs, because another configuration is to come. */
    public boolean isSealed() {
        return sealed > present.number();
    }

    /** True if the members have changed, or are about to. */
    public boolean hasChanged() {
        return present.number() != 1 || sealed > 0;
    }

    /** The nodes to which there are links: the members, and those of the last configuration while it is needed. */
    public SortedSet<NodeId> linked() {
        TreeSet<NodeId> linked = new TreeSet<>();
        if (present.number() > 0) {
            linked.addAll(present.nodes());
        }
        if (previous != null) {
            linked.addAll(previous.nodes());
        }
        return linked;
    }

    /**
     * Returns the configuration in which a log begins of which this node has nothing.
     *
     * <p>A log that is not in the catalogue begins in the present configuration. One that has begun in the last one goes on
     * there until its stop-sign: this node has had no part in it, and may have one as if it had been silent. Otherwise the
     * replica has to learn from others where the log stands.
     */
    public Configuration ofNewLog(LogId log) {
        Long birth = catalogue.get(log);
        if (present.number() == 1 ? first != null : birth == null) {
            return present;
        }
        return previous != null && birth != null && birth == previous.number() ? previous : unknown();
    }

    /** Returns the configuration of a log that this node has, and that was never told of one. */
    public Configuration ofOldLog() {
        return first == null ? unknown() : first;
    }

    /** Returns the stand-in for a configuration that this node must learn from the members. */
    public Configuration unknown() {
        return Configuration.unknown(new TreeSet<>(present.nodes()));
    }

    /** Encodes it. */
    public Bytes toBytes() {
        ByteWriter writer = new ByteWriter(256).putByte(VERSION);
        put(writer, first);
        put(writer, present);
        put(writer, previous);
        writer.putLong(sealed).putInt(catalogue.size());
        catalogue.forEach((log, birth) -> writer.putLong(log.value()).putLong(birth));
        writer.putInt(removed.size());
        removed.forEach((store, number) -> writer.putLong(store).putLong(number));
        return writer.toBytes();
    }

    private static void put(ByteWriter writer, @Nullable Configuration configuration) {
        writer.putBytes(configuration == null ? Bytes.EMPTY : configuration.toBytes());
    }

    /**
     * Decodes it.
     *
     * @throws io.loggos.internal.codec.MalformedException if the bytes are none
     */
    public static Membership of(Bytes bytes) {
        ByteReader in = ByteReader.ofVersion(VERSION, bytes);
        Bytes first = in.getBytes();
        Configuration present = Configuration.of(in.getBytes());
        Bytes previous = in.getBytes();
        long sealed = in.getCount();
        TreeMap<LogId, Long> catalogue = new TreeMap<>();
        for (int left = in.getElementCount(16); left > 0; left--) {
            catalogue.put(new LogId(in.getLong()), in.getCount());
        }
        TreeMap<Long, Long> removed = new TreeMap<>();
        for (int left = in.getElementCount(16); left > 0; left--) {
            removed.put(in.getLong(), in.getCount());
        }
        in.end();
        return new Membership(orNull(first), present, orNull(previous), catalogue, removed, sealed);
    }

    private static @Nullable Configuration orNull(Bytes bytes) {
        return bytes.isEmpty() ? null : Configuration.of(bytes);
    }
}
