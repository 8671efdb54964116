package io.loggos.storage.kv.lease;

import io.loggos.api.Bytes;
import io.loggos.api.kv.KeyValueException;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.storage.kv.lease.LeaseTable.Claim;
import io.loggos.storage.kv.operation.KeyValueCodec;
import java.util.ArrayList;
import java.util.List;

/**
 * The encoding of commands on leases in the log, and of their answers. It begins as {@link KeyValueCodec} does: a byte
 * for the version of the format, then one for the kind. The kinds are none of an operation.
 */
public final class LeaseCodec {
    private static final int VERSION = 1;
    private static final int GRANT = 16;
    private static final int REVOKE = 17;
    private static final int RENEW = 18;
    private static final int EXPIRE = 19;
    private static final int TAKE_OVER = 20;

    private static final int CLAIM_BYTES = 16;

    private LeaseCodec() {}

    /** True if this is a command on leases, and not an operation on keys. */
    public static boolean isLeaseCommand(Bytes command) {
        return command.size() > 1 && command.at(1) >= GRANT && command.at(1) <= TAKE_OVER;
    }

    /** True if this command on leases adds one. */
    public static boolean isGrant(Bytes command) {
        return command.at(1) == GRANT;
    }

    /** True if this command on leases ends some. */
    public static boolean isEnd(Bytes command) {
        return command.at(1) == REVOKE || command.at(1) == EXPIRE;
    }

    /** Returns the lease that a command on leases revokes; 0 if it is another command. */
    public static long revokes(Bytes command) {
        return command.at(1) == REVOKE && decodeCommand(command) instanceof LeaseCommand.Revoke revoke
                ? revoke.id()
                : 0;
    }

    static Bytes encode(LeaseCommand command) {
        ByteWriter writer = new ByteWriter(32).putByte(VERSION);
        if (command instanceof LeaseCommand.Grant grant) {
            writer.putByte(GRANT).putLong(grant.id()).putLong(grant.ttlMillis());
        } else if (command instanceof LeaseCommand.Revoke revoke) {
            writer.putByte(REVOKE).putLong(revoke.id());
        } else if (command instanceof LeaseCommand.Renew renew) {
            writeLongs(writer.putByte(RENEW), renew.ids());
        } else if (command instanceof LeaseCommand.Expire expire) {
            writer.putByte(EXPIRE).putInt(expire.claims().size());
            expire.claims().forEach(claim -> writer.putLong(claim.id()).putLong(claim.renewal()));
        } else {
            writer.putByte(TAKE_OVER);
        }
        return writer.toBytes();
    }

    /**
     * Decodes a command.
     *
     * @throws MalformedException if the bytes are none
     */
    static LeaseCommand decodeCommand(Bytes bytes) {
        ByteReader reader = ByteReader.ofVersion(VERSION, bytes);
        int kind = reader.getByte();
        LeaseCommand command = switch (kind) {
            case GRANT -> new LeaseCommand.Grant(reader.getLong(), reader.getLong());
            case REVOKE -> new LeaseCommand.Revoke(reader.getLong());
            case RENEW -> new LeaseCommand.Renew(readLongs(reader));
            case EXPIRE -> new LeaseCommand.Expire(readClaims(reader));
            case TAKE_OVER -> new LeaseCommand.TakeOver();
            default -> throw new MalformedException("a command on leases of the unknown kind " + kind);
        };
        reader.end();
        return command;
    }

    static Bytes encode(LeaseAnswer answer) {
        ByteWriter writer = new ByteWriter(32).putByte(VERSION);
        if (answer instanceof LeaseAnswer.Granted granted) {
            writer.putByte(GRANT).putLong(granted.id()).putLong(granted.ttlMillis());
        } else if (answer instanceof LeaseAnswer.Revoked revoked) {
            writer.putByte(REVOKE).putLong(revoked.revision());
        } else if (answer instanceof LeaseAnswer.Renewed renewed) {
            writeLongs(writer.putByte(RENEW), renewed.ttlMillis());
        } else if (answer instanceof LeaseAnswer.Expired expired) {
            writer.putByte(EXPIRE).putLong(expired.leases());
        } else {
            writer.putByte(TAKE_OVER);
        }
        return writer.toBytes();
    }

    /**
     * Decodes an answer.
     *
     * @throws KeyValueException if the command was refused
     * @throws MalformedException if the bytes are neither an answer nor a refusal
     */
    static LeaseAnswer decodeAnswer(Bytes bytes) {
        if (!isLeaseCommand(bytes)) {
            KeyValueCodec.decodeAnswer(bytes);
            throw new MalformedException("the answer is not about leases");
        }
        ByteReader reader = ByteReader.ofVersion(VERSION, bytes);
        LeaseAnswer answer = switch (reader.getByte()) {
            case GRANT -> new LeaseAnswer.Granted(reader.getLong(), reader.getCount());
            case REVOKE -> new LeaseAnswer.Revoked(reader.getCount());
            case RENEW -> new LeaseAnswer.Renewed(readLongs(reader));
            case EXPIRE -> new LeaseAnswer.Expired(reader.getCount());
            default -> new LeaseAnswer.TakenOver();
        };
        reader.end();
        return answer;
    }

    private static void writeLongs(ByteWriter writer, List<Long> numbers) {
        writer.putInt(numbers.size());
        numbers.forEach(writer::putLong);
    }

    private static List<Long> readLongs(ByteReader reader) {
        int count = reader.getElementCount(Long.BYTES);
        List<Long> numbers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            numbers.add(reader.getLong());
        }
        return numbers;
    }

    private static List<Claim> readClaims(ByteReader reader) {
        int count = reader.getElementCount(CLAIM_BYTES);
        List<Claim> claims = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            claims.add(new Claim(reader.getLong(), reader.getLong()));
        }
        return claims;
    }
}
