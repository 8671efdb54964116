package io.loggos.examples.server.auth;

import io.loggos.api.kv.access.AccessControl;
import io.loggos.api.kv.access.AccessException;
import io.loggos.api.kv.access.AccessException.Reason;
import io.loggos.api.kv.access.Credentials;
import io.loggos.api.kv.access.Identity;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Checks passwords, and has tokens issued. */
final class Authenticator {
    /** Number of times that a password is checked anew because the rules have changed meanwhile. */
    private static final int MOST_ROUNDS = 8;

    private final AccessControl access;
    private final Passwords passwords;
    private final Tokens tokens;

    Authenticator(AccessControl access, Passwords passwords, Tokens tokens) {
        this.access = access;
        this.passwords = passwords;
        this.tokens = tokens;
    }

    /** Returns a new token of a user. The future fails with {@link AccessException} if the password is wrong. */
    CompletableFuture<String> authenticate(String user, String password) {
        return authenticate(user, password, MOST_ROUNDS);
    }

    private CompletableFuture<String> authenticate(String user, String password, int rounds) {
        return access.credentials(user)
                .thenCompose(credentials -> check(user, password, credentials))
                .thenCompose(tokens::issue)
                .exceptionallyCompose(failure -> rounds > 1 && isOld(failure)
                        ? authenticate(user, password, rounds - 1)
                        : CompletableFuture.failedFuture(failure));
    }

    private CompletableFuture<Identity> check(String user, String password, Credentials credentials) {
        if (credentials.passwordHash().isEmpty()) {
            throw new AccessException(Reason.NO_PASSWORD_USER, user + " has no password");
        }
        return passwords.matches(password, credentials.passwordHash()).thenApply(matches -> {
            if (!matches) {
                throw new AccessException(Reason.AUTHENTICATION_FAILED, "a wrong password of " + user);
            }
            return new Identity(user, credentials.revision());
        });
    }

    private static boolean isOld(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof AccessException refused && refused.reason() == Reason.OLD_REVISION;
    }
}
