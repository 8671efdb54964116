package io.loggos.examples.server.auth;

import io.loggos.api.kv.access.Identity;
import io.loggos.examples.server.call.Callers;
import java.util.concurrent.CompletableFuture;

/** Tokens by which users are recognized. Any thread. */
public interface Tokens extends Callers.TokenReader {
    /** Issues a token of a user whose password was right. */
    CompletableFuture<String> issue(Identity recognized);
}
