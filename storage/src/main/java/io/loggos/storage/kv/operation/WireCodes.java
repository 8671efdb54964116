package io.loggos.storage.kv.operation;

import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.MalformedException;
import java.util.EnumMap;
import java.util.List;
import java.util.Objects;

/** The byte codes of the constants of an enum: a code is the position of the constant in a list that only grows. */
final class WireCodes<E extends Enum<E>> {
    private final List<E> byCode;
    private final EnumMap<E, Integer> codes;

    WireCodes(Class<E> type, List<E> byCode) {
        this.byCode = byCode;
        codes = new EnumMap<>(type);
        for (E constant : byCode) {
            codes.put(constant, codes.size());
        }
        if (codes.size() != type.getEnumConstants().length) {
            throw new IllegalStateException("a constant of " + type.getName() + " has no code");
        }
    }

    int code(E constant) {
        return Objects.requireNonNull(codes.get(constant));
    }

    E read(ByteReader reader) {
        return of(reader.getByte());
    }

    /** Returns the constant of a code. */
    E of(int code) {
        if (code >= byCode.size()) {
            throw new MalformedException("unknown code " + code);
        }
        return byCode.get(code);
    }
}
