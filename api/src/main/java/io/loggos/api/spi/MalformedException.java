package io.loggos.api.spi;

import io.loggos.api.LoggosException;

/** Bytes that are not what they should be. Whoever reads from a peer or a disk expects it and goes on. */
public final class MalformedException extends LoggosException {
    private static final long serialVersionUID = 1L;

    public MalformedException(String message) {
        super(message);
    }
}
