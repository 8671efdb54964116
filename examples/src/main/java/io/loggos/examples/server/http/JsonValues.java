package io.loggos.examples.server.http;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** Divides a body into the JSON objects that follow one another in it. */
final class JsonValues {
    private static final int FIRST_BYTES = 256;

    private final int most;
    private byte[] value = new byte[FIRST_BYTES];
    private int size;
    private int depth;
    private boolean inString;
    private boolean escaped;

    /** @param most the most bytes of one object */
    JsonValues(int most) {
        this.most = most;
    }

    /**
     * Takes a part of the body, and passes on each object that ends in it.
     *
     * @return false if an object is too large
     */
    boolean add(ByteBuf part, Consumer<String> objects) {
        while (part.isReadable()) {
            byte next = part.readByte();
            if (size == 0 && isSpace(next)) {
                continue;
            }
            if (size == most) {
                return false;
            }
            if (size == value.length) {
                value = Arrays.copyOf(value, Math.min(most, 2 * size));
            }
            value[size++] = next;
            if (endsWith(next)) {
                objects.accept(take());
            }
        }
        return true;
    }

    /** Returns the bytes of the object that is not whole yet. */
    int size() {
        return size;
    }

    /** Returns what follows the last whole object, and forgets it. */
    String take() {
        String text = new String(value, 0, size, StandardCharsets.UTF_8);
        size = 0;
        if (value.length > FIRST_BYTES) {
            value = new byte[FIRST_BYTES];
        }
        return text;
    }

    private boolean endsWith(byte next) {
        if (inString) {
            inString = escaped || next != '"';
            escaped = !escaped && next == '\\';
            return false;
        }
        switch (next) {
            case '"' -> inString = true;
            case '{', '[' -> depth++;
            case '}', ']' -> {
                depth = Math.max(0, depth - 1);
                return depth == 0;
            }
            default -> {}
        }
        return false;
    }

    private static boolean isSpace(byte next) {
        return next == ' ' || next == '\t' || next == '\r' || next == '\n';
    }
}
