package io.loggos.paxos.members;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.members.MembersCommand.Change;
import io.loggos.paxos.members.MembersCommand.LogNumber;
import io.loggos.paxos.members.MembersCommand.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The members of the cluster, and the change under way.
 *
 * <p>A change goes through three steps, each a command or a stop-sign of this log:
 *
 * <ol>
 *   <li>{@link #change}: the next configuration is set, if the number of the present one is as expected, and the last
 *       change is complete. From now on the nodes begin no new logs.
 *   <li>{@link #report}: a quorum of the present voters has named the logs that they have. Every log of which something
 *       is chosen is among them, because one of these nodes has a part in that. Then the change {@link #isReady}.
 *   <li>{@link #configured}: this log stops in the present configuration and goes on in the next. Every other log
 *       of the catalogue does so by a stop-sign of its own.
 * </ol>
 *
 * <p>The change is complete once, for each log of the catalogue, a quorum of the new voters stands in the new
 * configuration. They have everything before it on their disks (RULES.md R-4).
 */
public final class MembersState {
    private static final int VERSION = 1;

    /** The first configuration is not a part of the state. */
    private @Nullable Configuration configuration;

    private @Nullable Configuration target;
    /** The configuration that the target replaces; null without a target. */
    private @Nullable Configuration replaced;
    /** The reports about the present number, or about that of the target. */
    private final TreeMap<NodeId, Report> reports = new TreeMap<>();
    /** The logs that must change to the present configuration, as they were before. */
    private final TreeMap<LogId, LogNumber> catalogue = new TreeMap<>();

    /** The number of the present configuration. */
    public long number() {
        return configuration == null ? 1 : configuration.number();
    }

    /** The present configuration; null if there was no change. */
    public @Nullable Configuration configuration() {
        return configuration;
    }

    /** The next configuration, if a change is under way that this log has not made yet. */
    public @Nullable Configuration target() {
        return target;
    }

    /**
     * The logs that existed when the present configuration was decided, each with the number of the configuration in which it
     * began, or 0.
     */
    public SortedMap<LogId, Long> catalogue() {
        TreeMap<LogId, Long> births = new TreeMap<>();
        catalogue.forEach((log, number) -> births.put(log, number.birth()));
        return births;
    }

    /** The last report of a node about the present number or that of the target; null if there is none. */
    public @Nullable Report reportOf(NodeId node) {
        return reports.get(node);
    }

    /**
     * Sets the next configuration.
     *
     * @return null if that is done; else the reason why not
     */
    public @Nullable String change(Change change) {
        if (change.present().number() != number() || change.next().number() != number() + 1) {
            return "the configuration is number " + number() + " now, and not "
                    + change.present().number();
        }
        if (target != null) {
            return "the change to " + target + " is under way";
        }
        String missing = incomplete();
        if (missing != null) {
            return "the change to " + configuration + " is not complete: " + missing;
        }
        if (configuration != null && !configuration.equals(change.present())) {
            return "the members are " + configuration;
        }
        target = change.next();
        replaced = change.present();
        reports.clear();
        return null;
    }

    /** Takes the report of a node. One about another number has no effect. */
    public void report(Report report) {
        long expected = target == null ? number() : target.number();
        if (report.number() == expected) {
            reports.put(report.node(), report);
        }
    }

    /** True if this log may stop and go on in the next configuration. */
    public boolean isReady() {
        return replaced != null && replaced.isQuorum(reported(replaced));
    }

    private int reported(Configuration of) {
        int count = 0;
        for (Report report : reports.values()) {
            count += of.isVoter(report.node(), report.incarnation()) ? 1 : 0;
        }
        return count;
    }

    /** Takes the configuration of a stop-sign of this log. */
    public void configured(Configuration next) {
        configuration = next;
        target = null;
        replaced = null;
        catalogue.clear();
        for (Report report : reports.values()) {
            report.logs()
                    .forEach((log, number) ->
                            catalogue.merge(log, number, (one, other) -> one.behind() >= other.behind() ? one : other));
        }
    }

    /** Says what the last change still waits for; null if it is complete. */
    public @Nullable String incomplete() {
        Configuration now = configuration;
        if (now == null) {
            return null;
        }
        for (Map.Entry<LogId, LogNumber> log : catalogue.entrySet()) {
            List<Integer> lacking = new ArrayList<>();
            for (NodeId voter : now.voters()) {
                if (!stands(now, voter, log.getKey())) {
                    lacking.add(voter.value());
                }
            }
            if (!now.isQuorum(now.voters().size() - lacking.size())) {
                return "log \"" + log.getValue().name() + "\" has not changed, or is not open, on nodes " + lacking;
            }
        }
        return null;
    }

    private boolean stands(Configuration in, NodeId voter, LogId log) {
        Report report = reports.get(voter);
        LogNumber number = report == null || !in.isVoter(voter, report.incarnation())
                ? null
                : report.logs().get(log);
        return number != null && number.configuration() >= in.number();
    }

    /** Returns a copy. */
    public MembersState copy() {
        return of(toBytes());
    }

    /** Encodes the state. */
    public Bytes toBytes() {
        ByteWriter writer = new ByteWriter(256).putByte(VERSION);
        put(writer, configuration);
        put(writer, target);
        put(writer, replaced);
        writer.putInt(reports.size());
        reports.values().forEach(report -> MembersCommand.write(writer, report));
        writer.putInt(catalogue.size());
        catalogue.forEach((log, number) -> writer.putLong(log.value())
                .putText(number.name())
                .putLong(number.configuration())
                .putLong(number.behind()));
        return writer.toBytes();
    }

    private static void put(ByteWriter writer, @Nullable Configuration configuration) {
        writer.putBytes(configuration == null ? Bytes.EMPTY : configuration.toBytes());
    }

    /**
     * Decodes a state.
     *
     * @throws io.loggos.internal.codec.MalformedException if the bytes are none
     */
    public static MembersState of(Bytes bytes) {
        ByteReader in = ByteReader.ofVersion(VERSION, bytes);
        MembersState state = new MembersState();
        state.configuration = configuration(in);
        state.target = configuration(in);
        state.replaced = configuration(in);
        for (int left = in.getElementCount(4 + 8 + 8 + 4); left > 0; left--) {
            Report report = MembersCommand.read(in);
            state.reports.put(report.node(), report);
        }
        for (int left = in.getElementCount(8 + 4 + 8 + 8); left > 0; left--) {
            state.catalogue.put(new LogId(in.getLong()), new LogNumber(in.getText(), in.getCount(), in.getCount()));
        }
        in.end();
        return state;
    }

    private static @Nullable Configuration configuration(ByteReader in) {
        Bytes bytes = in.getBytes();
        return bytes.isEmpty() ? null : Configuration.of(bytes);
    }
}
