package io.loggos.storage.kv.maintenance;

import io.loggos.api.Bytes;
import io.loggos.api.kv.maintenance.Alarm;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.storage.kv.operation.KeyValueCodec;

/**
 * The encoding of commands for the upkeep, and of their answers. It begins as {@link KeyValueCodec} does: a byte for the
 * version of the format, then one for the kind. The kinds are none of an operation, nor of a command on leases.
 */
public final class MaintenanceCodec {
    private static final int VERSION = 1;
    private static final int RAISE = 32;
    private static final int DISARM = 33;
    private static final int COMPARE = 34;
    private static final int REPORT = 35;

    private static final int NO_SPACE = 1;
    private static final int CORRUPT = 2;

    private MaintenanceCodec() {}

    /** True if this is a command for the upkeep. */
    public static boolean isMaintenanceCommand(Bytes command) {
        return command.size() > 1 && command.at(1) >= RAISE && command.at(1) <= REPORT;
    }

    static Bytes encode(MaintenanceCommand command) {
        ByteWriter writer = new ByteWriter(32).putByte(VERSION);
        if (command instanceof MaintenanceCommand.Raise raise) {
            write(writer.putByte(RAISE), raise.alarm());
        } else if (command instanceof MaintenanceCommand.Disarm disarm) {
            write(writer.putByte(DISARM), disarm.alarm());
        } else if (command instanceof MaintenanceCommand.Report report) {
            writer.putByte(REPORT)
                    .putLong(report.slot())
                    .putLong(report.member())
                    .putInt(report.hash());
        } else {
            writer.putByte(COMPARE);
        }
        return writer.toBytes();
    }

    /**
     * Decodes a command.
     *
     * @throws MalformedException if the bytes are none
     */
    static MaintenanceCommand decodeCommand(Bytes bytes) {
        ByteReader reader = ByteReader.ofVersion(VERSION, bytes);
        int kind = reader.getByte();
        MaintenanceCommand command = switch (kind) {
            case RAISE -> new MaintenanceCommand.Raise(readAlarm(reader));
            case DISARM -> new MaintenanceCommand.Disarm(readAlarm(reader));
            case COMPARE -> new MaintenanceCommand.Compare();
            case REPORT -> new MaintenanceCommand.Report(reader.getCount(), reader.getLong(), reader.getInt());
            default -> throw new MalformedException("a command for the upkeep of the unknown kind " + kind);
        };
        reader.end();
        return command;
    }

    /** Encodes an answer: tells if the command changed anything. */
    static Bytes encodeAnswer(boolean changed) {
        return new ByteWriter(3)
                .putByte(VERSION)
                .putByte(RAISE)
                .putBoolean(changed)
                .toBytes();
    }

    /**
     * Decodes an answer.
     *
     * @throws io.loggos.api.kv.KeyValueException if the command was refused
     * @throws MalformedException if the bytes are neither an answer nor a refusal
     */
    static boolean decodeAnswer(Bytes bytes) {
        if (!isMaintenanceCommand(bytes)) {
            KeyValueCodec.decodeAnswer(bytes);
            throw new MalformedException("the answer is not about the upkeep");
        }
        ByteReader reader = ByteReader.ofVersion(VERSION, bytes);
        reader.getByte();
        boolean changed = reader.getBoolean();
        reader.end();
        return changed;
    }

    static void write(ByteWriter writer, Alarm alarm) {
        writer.putByte(alarm.kind() == Alarm.Kind.NO_SPACE ? NO_SPACE : CORRUPT).putLong(alarm.member());
    }

    static Alarm readAlarm(ByteReader reader) {
        int kind = reader.getByte();
        return switch (kind) {
            case NO_SPACE -> new Alarm(reader.getLong(), Alarm.Kind.NO_SPACE);
            case CORRUPT -> new Alarm(reader.getLong(), Alarm.Kind.CORRUPT);
            default -> throw new MalformedException("an alarm of the unknown kind " + kind);
        };
    }
}
