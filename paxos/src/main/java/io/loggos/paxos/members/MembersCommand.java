package io.loggos.paxos.members;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.paxos.core.model.Configuration;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A command of the log that decides the members. */
public sealed interface MembersCommand {
    /**
     * A change of the members.
     *
     * @param present the configuration that it replaces, or the first one as its proposer knows it
     * @param next the whole next configuration, with the next number
     */
    record Change(Configuration present, Configuration next) implements MembersCommand {}

    /**
     * The report of a node about its logs. Behind it the node begins no log in an earlier configuration.
     *
     * @param incarnation the store of the node
     * @param number the number of the configuration that is to come, or that has come
     * @param logs every log in which the node's store has a part, by its number
     */
    record Report(NodeId node, long incarnation, long number, SortedMap<LogId, LogNumber> logs)
            implements MembersCommand {
        public Report {
            logs = Collections.unmodifiableSortedMap(new TreeMap<>(logs));
        }
    }

    /**
     * A log of a node.
     *
     * @param name the name of the log
     * @param configuration the number of the configuration in which the node's replica stands, at least 1
     * @param behind the last slot before that configuration; 0 if the log began in it
     */
    record LogNumber(String name, long configuration, long behind) {
        /** The configuration in which the log began; 0 if that is not known from this. */
        long birth() {
            return behind == 0 ? configuration : 0;
        }
    }

    /** Encodes a command. */
    default Bytes toBytes() {
        ByteWriter writer = new ByteWriter(128);
        if (this instanceof Change change) {
            writer.putByte(1).putBytes(change.present.toBytes()).putBytes(change.next.toBytes());
        } else if (this instanceof Report report) {
            writer.putByte(2);
            write(writer, report);
        }
        return writer.toBytes();
    }

    /**
     * Decodes a command.
     *
     * @throws MalformedException if the bytes are none
     */
    static MembersCommand of(Bytes bytes) {
        ByteReader in = new ByteReader(bytes);
        int type = in.getByte();
        MembersCommand command = switch (type) {
            case 1 -> new Change(Configuration.of(in.getBytes()), Configuration.of(in.getBytes()));
            case 2 -> read(in);
            default -> throw new MalformedException("a command of type " + type);
        };
        in.end();
        return command;
    }

    /** Writes a report. */
    static void write(ByteWriter writer, Report report) {
        writer.putInt(report.node.value())
                .putLong(report.incarnation)
                .putLong(report.number)
                .putInt(report.logs.size());
        for (Map.Entry<LogId, LogNumber> log : report.logs.entrySet()) {
            writer.putLong(log.getKey().value())
                    .putText(log.getValue().name)
                    .putLong(log.getValue().configuration)
                    .putLong(log.getValue().behind);
        }
    }

    /** Reads a report. */
    static Report read(ByteReader in) {
        NodeId node = in.getNode();
        long incarnation = in.getLong();
        long number = in.getCount();
        TreeMap<LogId, LogNumber> logs = new TreeMap<>();
        for (int left = in.getElementCount(8 + 4 + 8 + 8); left > 0; left--) {
            logs.put(new LogId(in.getLong()), new LogNumber(in.getText(), in.getCount(), in.getCount()));
        }
        return new Report(node, incarnation, number, logs);
    }
}
