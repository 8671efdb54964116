package io.loggos.examples.server.auth;

import io.loggos.api.kv.access.AccessControl;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Options of the recognition of users, with the names and defaults of etcd.
 *
 * @param jwt signed tokens; null for simple ones
 * @param simpleTtl time after which a simple token ends that is not used
 * @param bcryptCost the logarithm of the number of rounds for each password
 */
public record AccessOptions(@Nullable JwtOptions jwt, Duration simpleTtl, int bcryptCost) {
    private static final int USUAL_COST = 10;
    private static final int LEAST_COST = 4;
    private static final int MOST_COST = 31;

    /** Simple tokens. */
    public static final AccessOptions USUAL = new AccessOptions(null, Duration.ofMinutes(5), USUAL_COST);

    /** Signed tokens: the files of their keys, the algorithm and the time that they live. */
    public record JwtOptions(
            @Nullable String publicKeyFile, @Nullable String privateKeyFile, String method, Duration ttl) {}

    public AccessOptions {
        if (simpleTtl.isNegative() || simpleTtl.isZero()) {
            throw new IllegalArgumentException("auth-token-ttl is at least 1, not " + simpleTtl.toSeconds());
        }
        if (bcryptCost < LEAST_COST || bcryptCost > MOST_COST) {
            throw new IllegalArgumentException(
                    "bcrypt-cost is " + LEAST_COST + " to " + MOST_COST + ", not " + bcryptCost);
        }
    }

    /**
     * Reads {@code simple}, or {@code jwt,pub-key=FILE,priv-key=FILE,sign-method=RS256,ttl=10m}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static @Nullable JwtOptions parse(String text) {
        String[] parts = text.split(",", -1);
        if (parts[0].equals("simple") && parts.length == 1) {
            return null;
        } else if (!parts[0].equals("jwt")) {
            throw new IllegalArgumentException("auth-token is simple or jwt,…, not \"" + text + "\"");
        }
        String publicKey = null;
        String privateKey = null;
        String method = null;
        Duration ttl = Duration.ofMinutes(5);
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            String value = parts[i].substring(equals + 1);
            switch (parts[i].substring(0, Math.max(0, equals))) {
                case "pub-key" -> publicKey = value;
                case "priv-key" -> privateKey = value;
                case "sign-method" -> method = value;
                case "ttl" -> ttl = duration(value);
                default ->
                    throw new IllegalArgumentException(
                            "auth-token: \"" + parts[i] + "\" is none of pub-key=, priv-key=, sign-method= and ttl=");
            }
        }
        if (method == null) {
            throw new IllegalArgumentException("auth-token: jwt needs sign-method=");
        }
        return new JwtOptions(publicKey, privateKey, method, ttl);
    }

    private static Duration duration(String text) {
        if (!text.matches("[1-9]\\d{0,8}[smh]")) {
            throw new IllegalArgumentException("auth-token: a ttl is like 300s, 5m or 1h, not \"" + text + "\"");
        }
        long amount = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 's' -> Duration.ofSeconds(amount);
            case 'm' -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    /**
     * Returns the tokens of a store.
     *
     * @throws io.loggos.api.InvalidOptionsException if the files of keys cannot be used
     */
    public Tokens tokens(AccessControl access) {
        if (jwt != null) {
            return JwtTokens.open(jwt);
        }
        access.keepTokens(simpleTtl);
        return new SimpleTokens(access);
    }
}
