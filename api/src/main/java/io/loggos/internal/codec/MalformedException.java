package io.loggos.internal.codec;

import io.loggos.api.LoggosException;

/** Bytes that do not have the expected form. A reader of input from a peer or a disk catches this and goes on. */
public final class MalformedException extends LoggosException {
    private static final long serialVersionUID = 1L;

    public MalformedException(String message) {
        super(message);
    }
}
