package io.loggos.examples.cli.options;

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
        settings.flag("quota-backend-bytes", quota);
        settings.flag("max-request-bytes", maxRequestBytes);
        settings.flag("max-txn-ops", maxTxnOps);
        settings.flag("auto-compaction-mode", compactionMode);
        settings.flag("auto-compaction-retention", compactionRetention);
        settings.flag("experimental-corrupt-check-time", corruptCheckTime);
    }
}
