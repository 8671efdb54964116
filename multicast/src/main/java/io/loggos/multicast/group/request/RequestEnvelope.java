package io.loggos.multicast.group.request;

import io.loggos.api.Bytes;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import org.jspecify.annotations.Nullable;

/**
 * Request or answer as bytes: the number of the request (8), for an answer whether it is one (1), and the rest.
 *
 * @param failure the reason if there is no answer; null with a request or an answer
 * @param content the request or the answer; empty if there is none
 */
public record RequestEnvelope(long number, @Nullable String failure, Bytes content) {
    /** Bytes that a message holds besides the request or the answer, at most. */
    public static final int OVERHEAD_BYTES = 16;

    private static final int MOST_REASON_CHARS = 200;

    /** Returns the bytes of a request. */
    public static Bytes request(long number, Bytes content) {
        return new ByteWriter(Long.BYTES + content.size())
                .putLong(number)
                .putRaw(content)
                .toBytes();
    }

    /** Returns the bytes of an answer. */
    public static Bytes answer(long number, Bytes content) {
        return new ByteWriter(Long.BYTES + 1 + content.size())
                .putLong(number)
                .putBoolean(true)
                .putRaw(content)
                .toBytes();
    }

    /** Returns the bytes that say that there is no answer. */
    public static Bytes failure(long number, String reason) {
        String shortened = reason.substring(0, Math.min(reason.length(), MOST_REASON_CHARS));
        return new ByteWriter(64)
                .putLong(number)
                .putBoolean(false)
                .putText(shortened)
                .toBytes();
    }

    /** Reads a request; null if the bytes are none. */
    public static @Nullable RequestEnvelope readRequest(Bytes bytes) {
        try {
            ByteReader in = new ByteReader(bytes);
            return new RequestEnvelope(in.getLong(), null, in.getRest());
        } catch (MalformedException e) {
            return null;
        }
    }

    /** Reads an answer; null if the bytes are none. */
    public static @Nullable RequestEnvelope readAnswer(Bytes bytes) {
        try {
            ByteReader in = new ByteReader(bytes);
            long number = in.getLong();
            return in.getBoolean()
                    ? new RequestEnvelope(number, null, in.getRest())
                    : new RequestEnvelope(number, in.getText(), Bytes.EMPTY);
        } catch (MalformedException e) {
            return null;
        }
    }
}
