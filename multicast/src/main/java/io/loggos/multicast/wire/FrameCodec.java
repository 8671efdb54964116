package io.loggos.multicast.wire;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.spi.WriteMark;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.multicast.wire.Frame.Ack;
import io.loggos.multicast.wire.Frame.Challenge;
import io.loggos.multicast.wire.Frame.Data;
import io.loggos.multicast.wire.Frame.Heartbeat;
import io.loggos.multicast.wire.Frame.Hello;
import io.loggos.multicast.wire.Frame.Refused;
import io.loggos.multicast.wire.Frame.Welcome;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Encodes and decodes frames: a format byte, a kind byte, then the fields in the order of the record, big-endian.
 *
 * <p>The format byte is the version of the frame, not of the protocol. A node must be able to read a Hello even if it
 * shares no protocol version with the sender.
 */
public final class FrameCodec {
    /** The lowest version of the link protocol that this code speaks. */
    public static final int LEAST_VERSION = 1;
    /** The highest version of the link protocol that this code speaks. */
    public static final int MOST_VERSION = 1;

    static final int FORMAT = 1;
    static final int HELLO = 1;
    static final int WELCOME = 2;
    static final int REFUSED = 3;
    static final int DATA = 4;
    static final int ACK = 5;
    static final int HEARTBEAT = 6;
    static final int CHALLENGE = 7;

    private static final int PROOF_LIMIT_BYTES = 64;
    private static final int TEXT_LIMIT_BYTES = 2048;

    private FrameCodec() {}

    public static Bytes encode(Challenge challenge) {
        return begin(CHALLENGE, 48).putBytes(challenge.nonce()).toBytes();
    }

    public static Bytes encode(Hello hello) {
        ByteWriter out = begin(HELLO, 224)
                .putInt(hello.leastVersion())
                .putInt(hello.mostVersion())
                .putText(hello.clusterId())
                .putInt(hello.from().value())
                .putInt(hello.to().value())
                .putLong(hello.incarnation())
                .putLong(hello.life())
                .putLong(hello.attempt())
                .putLong(hello.told().incarnation())
                .putLong(hello.told().life())
                .putLong(hello.told().writes());
        if (!hello.nonce().isEmpty()) {
            out.putBytes(hello.nonce()).putBytes(hello.proof());
        }
        return out.toBytes();
    }

    public static Bytes encode(Welcome welcome) {
        ByteWriter out = begin(WELCOME, 128)
                .putInt(welcome.version())
                .putInt(welcome.from().value())
                .putLong(welcome.incarnation())
                .putLong(welcome.life())
                .putLong(welcome.generation())
                .putLong(welcome.received())
                .putBoolean(welcome.resumable())
                .putLong(welcome.told().incarnation())
                .putLong(welcome.told().life())
                .putLong(welcome.told().writes());
        if (!welcome.proof().isEmpty()) {
            out.putBytes(welcome.proof());
        }
        return out.toBytes();
    }

    public static Bytes encode(Refused refused) {
        return begin(REFUSED, 128)
                .putByte(refused.code().code())
                .putText(refused.text())
                .toBytes();
    }

    public static Bytes encode(Ack ack) {
        return begin(ACK, 18).putLong(ack.generation()).putLong(ack.received()).toBytes();
    }

    public static Bytes encode(Heartbeat heartbeat) {
        ByteWriter out = begin(HEARTBEAT, 24 + 5 * heartbeat.hears().size());
        out.putInt(heartbeat.hears().size());
        for (NodeId heard : heartbeat.hears()) {
            out.putInt(heard.value()).putBoolean(heartbeat.contacts().contains(heard));
        }
        out.putLong(heartbeat.syncedWrites());
        return out.toBytes();
    }

    /**
     * Decodes one frame. Its messages share the frame's bytes.
     *
     * @throws MalformedException if the bytes are not a frame
     */
    public static Frame decode(Bytes frame) {
        ByteReader in = new ByteReader(frame);
        int format = in.getByte();
        if (format != FORMAT) {
            throw new MalformedException("a frame of format " + format + ", known is " + FORMAT);
        }
        int kind = in.getByte();
        Frame decoded = switch (kind) {
            case HELLO -> hello(in);
            case WELCOME -> welcome(in);
            case REFUSED -> refused(in);
            case DATA -> data(in);
            case ACK -> new Ack(in.getCount(), in.getCount());
            case HEARTBEAT -> heartbeat(in);
            case CHALLENGE -> new Challenge(random(in));
            default -> throw new MalformedException("a frame of unknown kind " + kind);
        };
        in.end();
        return decoded;
    }

    static ByteWriter begin(int kind, int sizeHint) {
        return new ByteWriter(sizeHint).putByte(FORMAT).putByte(kind);
    }

    private static Hello hello(ByteReader in) {
        return new Hello(
                in.getInt(),
                in.getInt(),
                text(in),
                in.getNode(),
                in.getNode(),
                in.getLong(),
                in.getLong(),
                in.getCount(),
                mark(in),
                in.remaining() == 0 ? Bytes.EMPTY : random(in),
                in.remaining() == 0 ? Bytes.EMPTY : random(in));
    }

    private static WriteMark mark(ByteReader in) {
        return new WriteMark(in.getLong(), in.getLong(), in.getCount());
    }

    private static Welcome welcome(ByteReader in) {
        return new Welcome(
                in.getInt(),
                in.getNode(),
                in.getLong(),
                in.getLong(),
                in.getCount(),
                in.getCount(),
                in.getBoolean(),
                mark(in),
                in.remaining() == 0 ? Bytes.EMPTY : random(in));
    }

    private static Refused refused(ByteReader in) {
        int code = in.getByte();
        Refusal refusal = Refusal.of(code);
        if (refusal == null) {
            throw new MalformedException("an unknown refusal: " + code);
        }
        return new Refused(refusal, text(in));
    }

    private static Data data(ByteReader in) {
        long generation = in.getCount();
        long first = in.getCount();
        long syncedWrites = in.getCount();
        if (generation == 0 || first == 0) {
            throw new MalformedException("generations and messages are numbered from 1");
        }
        int count = in.getElementCount(4);
        if (first > Long.MAX_VALUE - count) {
            throw new MalformedException("message numbers overflow");
        }
        int[] sizes = new int[count];
        for (int i = 0; i < count; i++) {
            sizes[i] = in.getInt();
        }
        Bytes[] messages = new Bytes[count];
        for (int i = 0; i < count; i++) {
            messages[i] = in.getRaw(sizes[i]);
        }
        return new Data(generation, first, syncedWrites, List.of(messages));
    }

    private static Heartbeat heartbeat(ByteReader in) {
        int count = in.getElementCount(5);
        if (count > NodeOptions.MAX_NODES) {
            throw new MalformedException("a heartbeat of " + count + " nodes");
        }
        SortedSet<NodeId> hears = new TreeSet<>();
        SortedSet<NodeId> contacts = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            NodeId heard = in.getNode();
            hears.add(heard);
            if (in.getBoolean()) {
                contacts.add(heard);
            }
        }
        return new Heartbeat(hears, contacts, in.getCount());
    }

    /** Reads a nonce or a proof. */
    private static Bytes random(ByteReader in) {
        Bytes random = in.getBytes();
        if (random.isEmpty() || random.size() > PROOF_LIMIT_BYTES) {
            throw new MalformedException("a nonce or proof of " + random.size() + " bytes");
        }
        return random;
    }

    private static String text(ByteReader in) {
        Bytes text = in.getBytes();
        if (text.size() > TEXT_LIMIT_BYTES) {
            throw new MalformedException("a text of " + text.size() + " bytes");
        }
        return text.toUtf8();
    }
}
