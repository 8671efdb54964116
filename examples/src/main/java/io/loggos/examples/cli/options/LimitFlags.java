package io.loggos.examples.cli.options;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags of the limits of a store. Names and defaults are those of etcd. */
public final class LimitFlags {
    @Option(
            names = "--quota-backend-bytes",
            paramLabel = "N",
            description = {
                "Size of the store from which on puts are refused, by the alarm NOSPACE.",
                "Default: 0, which is 2 GiB. Below 0: no quota"
            })
    private @Nullable String quota;

    @Option(
            names = "--max-request-bytes",
            paramLabel = "N",
            description = "Size of the largest request that changes the store, at most 2031616. Default: 1572864")
    private @Nullable String maxRequestBytes;

    @Option(
            names = "--max-txn-ops",
            paramLabel = "N",
            description = "Operations that a transaction may have, at most 65536. Default: 128")
    private @Nullable String maxTxnOps;

    @Option(
            names = "--auto-compaction-mode",
            paramLabel = "MODE",
            description = "The meaning of the retention: 'periodic' or 'revision'. Default: periodic")
    private @Nullable String compactionMode;

    @Option(
            names = "--auto-compaction-retention",
            paramLabel = "KEPT",
            description = {
                "The history that stays: a time such as 30m, or a number of hours or of revisions.",
                "Default: 0, which compacts nothing"
            })
    private @Nullable String compactionRetention;

    @Option(
            names = {"--experimental-corrupt-check-time", "--corrupt-check-time"},
            paramLabel = "TIME",
            description = "Time between two comparisons of all copies of the store. If two differ, the alarm CORRUPT is"
                    + " raised. Default: 0s, which compares nothing")
    private @Nullable String corruptCheckTime;

    /** Adds the flags to settings. */
    public void into(ServerSettings settings) {
        given().forEach(settings::flag);
    }

    /** Returns the flags that were given, as arguments of another process. */
    public List<String> arguments() {
        return given().entrySet().stream()
                .map(flag -> "--" + flag.getKey() + "=" + flag.getValue())
                .toList();
    }

    private SortedMap<String, String> given() {
        SortedMap<String, String> given = new TreeMap<>();
        put(given, "quota-backend-bytes", quota);
        put(given, "max-request-bytes", maxRequestBytes);
        put(given, "max-txn-ops", maxTxnOps);
        put(given, "auto-compaction-mode", compactionMode);
        put(given, "auto-compaction-retention", compactionRetention);
        put(given, "experimental-corrupt-check-time", corruptCheckTime);
        return given;
    }

    private static void put(SortedMap<String, String> given, String name, @Nullable String value) {
        if (value != null) {
            given.put(name, value);
        }
    }
}
