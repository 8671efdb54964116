package io.loggos.examples.server.compaction;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of the history that stays when the store is compacted by itself. */
public sealed interface CompactionPolicy {
    /** Compacts nothing. */
    record None() implements CompactionPolicy {}

    /** Keeps the revisions of the last time. */
    record Periodic(Duration retention) implements CompactionPolicy {}

    /** Keeps the last revisions. */
    record Revisions(long retention) implements CompactionPolicy {}

    /**
     * Returns the policy of etcd's two flags.
     *
     * @param mode {@code periodic} or {@code revision}
     * @param retention a time such as 30m, or a number: of hours, or of revisions; 0 for no compaction
     * @throws IllegalArgumentException if they mean nothing
     */
    static CompactionPolicy of(String mode, String retention) {
        return switch (mode) {
            case "periodic" -> {
                Duration time = time(retention);
                yield time.isZero() ? new None() : new Periodic(time);
            }
            case "revision" -> {
                if (!retention.matches("\\d{1,18}")) {
                    throw new IllegalArgumentException("a number of revisions, not \"" + retention + "\"");
                }
                long revisions = Long.parseLong(retention);
                yield revisions == 0 ? new None() : new Revisions(revisions);
            }
            default ->
                throw new IllegalArgumentException(
                        "auto-compaction-mode is periodic or revision, not \"" + mode + "\"");
        };
    }

    private static Duration time(String text) {
        Matcher matcher = Pattern.compile("(\\d{1,9})(ms|s|m|h)?").matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "a time is like 90s, 30m or 10h, or a number of hours, not \"" + text + "\"");
        }
        long amount = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "h" : matcher.group(2);
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }
}
