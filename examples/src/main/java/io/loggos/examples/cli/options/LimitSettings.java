package io.loggos.examples.cli.options;

import io.loggos.api.InvalidOptionsException;
import io.loggos.api.kv.maintenance.KeyValueOptions;
import io.loggos.examples.server.StoreLimits;
import io.loggos.examples.server.compaction.CompactionPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The settings of a server that limit its store. Their names and defaults are those of etcd. */
final class LimitSettings {
    static final Set<String> NAMES = Set.of(
            "quota-backend-bytes",
            "max-request-bytes",
            "max-txn-ops",
            "auto-compaction-mode",
            "auto-compaction-retention",
            "experimental-corrupt-check-time");

    private final Map<String, String> values;

    LimitSettings(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Returns the limits.
     *
     * @throws InvalidOptionsException if one is not within its bounds
     */
    StoreLimits limits() {
        KeyValueOptions.Builder store = KeyValueOptions.builder();
        long quota = number("quota-backend-bytes", 0);
        if (quota >= 0) {
            store.quotaBytes(quota == 0 ? StoreLimits.USUAL_QUOTA_BYTES : quota);
        }
        store.maxOperations((int)
                within("max-txn-ops", StoreLimits.USUAL.store().maxOperations(), 1, KeyValueOptions.MOST_OPERATIONS));
        Duration check = parsed("experimental-corrupt-check-time", "0s", ServerSettings::duration);
        if (!check.isZero()) {
            store.compareEvery(check);
        }
        long request =
                within("max-request-bytes", StoreLimits.USUAL.maxRequestBytes(), 1, StoreLimits.MOST_REQUEST_BYTES);
        CompactionPolicy compaction = parsed(
                "auto-compaction-retention",
                "0",
                text -> CompactionPolicy.of(values.getOrDefault("auto-compaction-mode", "periodic"), text));
        return new StoreLimits(store.build(), (int) request, compaction);
    }

    private long within(String name, long otherwise, long least, long most) {
        long number = number(name, otherwise);
        if (number < least || number > most) {
            throw problem(name + " is " + least + " to " + most + ", not " + number);
        }
        return number;
    }

    private long number(String name, long otherwise) {
        return parsed(name, Long.toString(otherwise), text -> {
            try {
                return Long.valueOf(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("a whole number, not \"" + text + "\"", e);
            }
        });
    }

    private <T> T parsed(String name, String otherwise, Function<String, T> parser) {
        try {
            return parser.apply(values.getOrDefault(name, otherwise));
        } catch (IllegalArgumentException e) {
            throw problem(name + ": " + e.getMessage());
        }
    }

    private static InvalidOptionsException problem(String text) {
        return new InvalidOptionsException(List.of(text));
    }
}
