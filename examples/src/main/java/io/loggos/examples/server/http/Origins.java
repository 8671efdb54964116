package io.loggos.examples.server.http;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The origins of pages that may read answers, as etcd's option {@code cors} has them. With none or with {@code *}, pages
 * of any origin may.
 */
record Origins(Set<String> allowed) {
    private static final String ANY = "*";

    Origins {
        allowed = Set.copyOf(allowed);
    }

    /**
     * Returns the origin that an answer allows, or null if it allows none.
     *
     * @param origin origin of the page that asks; null if no page does
     */
    @Nullable
    String answer(@Nullable String origin) {
        if (allowed.isEmpty() || allowed.contains(ANY)) {
            return ANY;
        }
        return origin != null && allowed.contains(origin) ? origin : null;
    }
}
