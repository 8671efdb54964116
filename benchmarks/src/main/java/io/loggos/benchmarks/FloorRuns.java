package io.loggos.benchmarks;

import io.loggos.benchmarks.report.Floors;
import java.util.List;
import java.util.Map;

/** The floors at one setting. */
final class FloorRuns {
    private FloorRuns() {}

    /** All of them. */
    static List<JmhRuns.Run> at(int inFlight, int payloadBytes) {
        String setting = setting(inFlight, payloadBytes);
        Map<String, String> parameters =
                Map.of("inFlight", Integer.toString(inFlight), "payloadBytes", Integer.toString(payloadBytes));
        return List.of(
                new JmhRuns.Run(Floors.ONE_STORE, StorageFloorBenchmark.class, "oneStore", setting, parameters),
                new JmhRuns.Run(Floors.THREE_STORES, StorageFloorBenchmark.class, "threeStores", setting, parameters),
                new JmhRuns.Run(Floors.ROUND_TRIP, WireFloorBenchmark.class, "roundTrip", setting, parameters),
                new JmhRuns.Run(Floors.STREAM, WireFloorBenchmark.class, "stream", setting, parameters));
    }

    /** What a person reads. */
    static String setting(int inFlight, int payloadBytes) {
        return inFlight + " in flight, " + payloadBytes + " B";
    }
}
