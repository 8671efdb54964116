package io.loggos.paxos.wire;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.spi.LogEntry;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.multicast.ProtocolTag;
import io.loggos.paxos.core.model.Batch;
import io.loggos.paxos.core.model.DigestMark;
import io.loggos.paxos.core.model.PaxosMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Encodes messages as bytes.
 *
 * <p>Layout, with sizes in bytes: protocol (1), version (1), type (1), log (8), configuration (8), incarnation (8). The
 * fields follow in the order of the record. The batch of an accept and the commands of a forward come last and
 * unchanged, so they are not copied. They are the body; the rest is the head.
 */
public final class PaxosCodec {
    private static final int VERSION = 1;
    private static final int MOST_HOPS = 32;

    private enum Type {
        STATUS(1),
        PREPARE(2),
        PROMISE(3),
        ACCEPT(4),
        ACCEPTED(5),
        REFUSED(6),
        CHOSEN(7),
        LEARN(8),
        LEARNED(9),
        FORWARD(10),
        READ_INDEX(11),
        READ_INDEX_ANSWER(12),
        CONFIRM(13),
        CONFIRMED(14),
        DIGESTS(15),
        INVITE(16),
        RELEASE(17),
        SKIP(18);

        private final int code;

        Type(int code) {
            this.code = code;
        }

        static Type of(int code) {
            for (Type type : TYPES) {
                if (type.code == code) {
                    return type;
                }
            }
            throw new MalformedException("message of type " + code);
        }
    }

    private static final Type[] TYPES = Type.values();

    /** A message in two pieces, which are sent one after the other. */
    public record Encoded(Bytes head, Bytes body) {}

    private PaxosCodec() {}

    /** Encodes a message. */
    public static Encoded encode(LogId log, long configuration, long incarnation, PaxosMessage message) {
        Writing writing = new Writing(log, configuration, incarnation);
        Bytes body = writing.write(message);
        return new Encoded(writing.writer.toBytes(), body);
    }

    /**
     * Decodes a message.
     *
     * @throws MalformedException if the bytes are no message
     */
    public static Envelope decode(Bytes bytes) {
        ByteReader reader = new ByteReader(bytes);
        int channel = reader.getByte();
        int version = reader.getByte();
        if (channel != ProtocolTag.PAXOS.code() || version != VERSION) {
            throw new MalformedException("message of channel " + channel + ", version " + version);
        }
        Type type = Type.of(reader.getByte());
        LogId log = new LogId(reader.getLong());
        long configuration = reader.getCount();
        long incarnation = reader.getLong();
        PaxosMessage message = read(type, reader);
        reader.end();
        return new Envelope(log, configuration, incarnation, message);
    }

    private static final class Writing {
        private final ByteWriter writer = new ByteWriter(64);
        private final LogId log;
        private final long configuration;
        private final long incarnation;

        Writing(LogId log, long configuration, long incarnation) {
            this.log = log;
            this.configuration = configuration;
            this.incarnation = incarnation;
        }

        private ByteWriter begin(Type type) {
            return writer.putByte(ProtocolTag.PAXOS.code())
                    .putByte(VERSION)
                    .putByte(type.code)
                    .putLong(log.value())
                    .putLong(configuration)
                    .putLong(incarnation);
        }

        Bytes write(PaxosMessage message) {
            if (message instanceof PaxosMessage.Accept m) {
                begin(Type.ACCEPT).putBallot(m.ballot()).putLong(m.slot()).putLong(m.chosenThrough());
                return m.batch();
            } else if (message instanceof PaxosMessage.Accepted m) {
                begin(Type.ACCEPTED).putBallot(m.ballot()).putLong(m.slot());
            } else if (message instanceof PaxosMessage.Chosen m) {
                begin(Type.CHOSEN).putBallot(m.ballot()).putLong(m.through());
            } else if (message instanceof PaxosMessage.Forward m) {
                begin(Type.FORWARD)
                        .putBallot(m.ballot())
                        .putLong(m.session())
                        .putLong(m.lowest())
                        .putInt(m.hops())
                        .putInt(m.count());
                return m.commands();
            } else {
                writeRare(message);
            }
            return Bytes.EMPTY;
        }

        private void writeRare(PaxosMessage message) {
            if (message instanceof PaxosMessage.Status m) {
                begin(Type.STATUS)
                        .putBallot(m.promised())
                        .putBallot(m.leader())
                        .putInt(m.distance())
                        .putLong(m.chosenThrough())
                        .putBoolean(m.resync());
            } else if (message instanceof PaxosMessage.Prepare m) {
                begin(Type.PREPARE).putBallot(m.ballot()).putLong(m.fromSlot());
            } else if (message instanceof PaxosMessage.Promise m) {
                begin(Type.PROMISE)
                        .putBallot(m.ballot())
                        .putLong(m.chosenThrough())
                        .putLong(m.truncatedBelow())
                        .putInt(m.part())
                        .putBoolean(m.last());
                putEntries(m.accepted());
            } else if (message instanceof PaxosMessage.Refused m) {
                begin(Type.REFUSED).putBallot(m.ballot()).putBallot(m.promised());
            } else if (message instanceof PaxosMessage.Learn m) {
                begin(Type.LEARN).putLong(m.fromSlot());
            } else if (message instanceof PaxosMessage.Learned m) {
                begin(Type.LEARNED)
                        .putLong(m.fromSlot())
                        .putLong(m.chosenThrough())
                        .putLong(m.truncatedBelow());
                putEntries(m.entries());
            } else if (message instanceof PaxosMessage.ReadIndex m) {
                begin(Type.READ_INDEX).putLong(m.nonce()).putBoolean(m.byLease());
            } else if (message instanceof PaxosMessage.ReadIndexAnswer m) {
                begin(Type.READ_INDEX_ANSWER).putLong(m.nonce()).putLong(m.slot());
            } else if (message instanceof PaxosMessage.Confirm m) {
                begin(Type.CONFIRM).putBallot(m.ballot()).putLong(m.round()).putLong(m.grantNanos());
            } else if (message instanceof PaxosMessage.Confirmed m) {
                begin(Type.CONFIRMED).putBallot(m.ballot()).putLong(m.round()).putBoolean(m.granted());
            } else if (message instanceof PaxosMessage.Digests m) {
                begin(Type.DIGESTS).putInt(m.marks().size());
                m.marks().forEach(this::putMark);
            } else if (message instanceof PaxosMessage.Invite m) {
                begin(Type.INVITE).putBallot(m.ballot()).putLong(m.through());
            } else if (message instanceof PaxosMessage.Release m) {
                begin(Type.RELEASE).putBallot(m.ballot()).putLong(m.round());
            } else if (message instanceof PaxosMessage.Skip m) {
                begin(Type.SKIP).putLong(m.slot()).putByte(m.step().code());
            } else {
                throw new IllegalStateException("no bytes for " + message);
            }
        }

        private void putMark(DigestMark mark) {
            writer.putLong(mark.slot())
                    .putLong(mark.answers())
                    .putBoolean(mark.state().isPresent())
                    .putLong(mark.state().orElse(0));
        }

        private void putEntries(List<LogEntry> entries) {
            writer.putInt(entries.size());
            for (LogEntry entry : entries) {
                writer.putLong(entry.slot())
                        .putBallot(entry.ballot())
                        .putBoolean(entry.faulty())
                        .putBytes(entry.value());
            }
        }
    }

    private static PaxosMessage read(Type type, ByteReader in) {
        return switch (type) {
            case STATUS ->
                new PaxosMessage.Status(in.getBallot(), in.getBallot(), in.getInt(), in.getCount(), in.getBoolean());
            case PREPARE -> new PaxosMessage.Prepare(ballot(in), in.getCount());
            case PROMISE ->
                new PaxosMessage.Promise(
                        ballot(in), in.getCount(), in.getCount(), in.getInt(), in.getBoolean(), entries(in, true));
            case ACCEPT -> new PaxosMessage.Accept(ballot(in), slot(in), in.getCount(), batch(in.getRest()));
            case ACCEPTED -> new PaxosMessage.Accepted(ballot(in), slot(in));
            case REFUSED -> new PaxosMessage.Refused(ballot(in), ballot(in));
            case CHOSEN -> new PaxosMessage.Chosen(ballot(in), in.getCount());
            case LEARN -> new PaxosMessage.Learn(slot(in));
            case LEARNED -> new PaxosMessage.Learned(slot(in), in.getCount(), in.getCount(), entries(in, false));
            case FORWARD -> forward(in);
            case READ_INDEX -> new PaxosMessage.ReadIndex(in.getLong(), in.getBoolean());
            case READ_INDEX_ANSWER -> new PaxosMessage.ReadIndexAnswer(in.getLong(), in.getCount());
            case CONFIRM -> new PaxosMessage.Confirm(ballot(in), in.getLong(), in.getCount());
            case CONFIRMED -> new PaxosMessage.Confirmed(ballot(in), in.getLong(), in.getBoolean());
            case DIGESTS -> new PaxosMessage.Digests(marks(in));
            case INVITE -> new PaxosMessage.Invite(ballot(in), in.getCount());
            case RELEASE -> new PaxosMessage.Release(ballot(in), in.getLong());
            case SKIP -> new PaxosMessage.Skip(slot(in), PaxosMessage.Skip.Step.ofCode(in.getByte()));
        };
    }

    private static Ballot ballot(ByteReader in) {
        Ballot ballot = in.getBallot();
        if (ballot.isZero()) {
            throw new MalformedException("a ballot is missing");
        }
        return ballot;
    }

    private static long slot(ByteReader in) {
        long slot = in.getCount();
        if (slot == 0) {
            throw new MalformedException("slot 0");
        }
        return slot;
    }

    /** Checks that every command of a batch can be read, so that every accepted batch can be applied. */
    private static Bytes batch(Bytes bytes) {
        Batch.parse(bytes).forEachName((session, sequence) -> {});
        return bytes;
    }

    private static PaxosMessage forward(ByteReader in) {
        Ballot ballot = ballot(in);
        long session = in.getLong();
        long lowest = in.getCount();
        int hops = in.getInt();
        if (hops < 0 || hops > MOST_HOPS) {
            throw new MalformedException("hops: " + hops);
        }
        int count = in.getElementCount(Batch.COMMAND_BYTES);
        Bytes commands = in.getRest();
        ByteReader each = new ByteReader(commands);
        for (int i = 0; i < count; i++) {
            if (each.getLong() != session || each.getLong() < 1) {
                throw new MalformedException("not a command of the session");
            }
            boolean named = Batch.isNamed(each.getInt());
            if (each.getBytes().size() < (named ? Batch.ID_BYTES : 0)) {
                throw new MalformedException("not an id");
            }
        }
        each.end();
        return new PaxosMessage.Forward(ballot, session, lowest, hops, count, commands);
    }

    private static List<DigestMark> marks(ByteReader in) {
        int count = in.getElementCount(8 + 8 + 1 + 8);
        List<DigestMark> marks = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long slot = slot(in);
            long answers = in.getLong();
            boolean offersState = in.getBoolean();
            long state = in.getLong();
            marks.add(new DigestMark(slot, answers, offersState ? OptionalLong.of(state) : OptionalLong.empty()));
        }
        return marks;
    }

    private static List<LogEntry> entries(ByteReader in, boolean mayBeFaulty) {
        int count = in.getElementCount(8 + 12 + 1 + 4);
        List<LogEntry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long slot = slot(in);
            Ballot ballot = in.getBallot();
            boolean faulty = in.getBoolean();
            Bytes value = in.getBytes();
            if (faulty && mayBeFaulty) {
                entries.add(LogEntry.faultyAt(slot));
            } else if (faulty || ballot.isZero()) {
                throw new MalformedException("not a value at slot " + slot);
            } else {
                entries.add(LogEntry.of(slot, ballot, batch(value)));
            }
        }
        return entries;
    }
}
