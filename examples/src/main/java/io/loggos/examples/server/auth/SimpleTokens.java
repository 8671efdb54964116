package io.loggos.examples.server.auth;

import io.loggos.api.kv.access.AccessControl;
import io.loggos.api.kv.access.Identity;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Random tokens that all members are told of. */
final class SimpleTokens implements Tokens {
    private static final int TOKEN_BYTES = 24;

    private final AccessControl access;
    private final SecureRandom random = new SecureRandom();

    SimpleTokens(AccessControl access) {
        this.access = access;
    }

    @Override
    public CompletableFuture<String> issue(Identity recognized) {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        return access.issue(recognized, token).thenApply(none -> token);
    }

    @Override
    public @Nullable Identity read(String token) {
        return access.identify(token).orElse(null);
    }
}
