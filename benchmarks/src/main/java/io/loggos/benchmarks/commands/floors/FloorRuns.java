package io.loggos.benchmarks.commands.floors;

import io.loggos.benchmarks.harness.jmh.JmhRuns;
import io.loggos.benchmarks.harness.report.Floors;
import java.util.List;
import java.util.Map;

/** Runs of the floors at one setting. */
public final class FloorRuns {
    private FloorRuns() {}

    /** Returns the runs of all floors. */
    public static List<JmhRuns.Run> at(int inFlight, int payloadBytes) {
        String setting = setting(inFlight, payloadBytes);
        Map<String, String> parameters =
                Map.of("inFlight", Integer.toString(inFlight), "payloadBytes", Integer.toString(payloadBytes));
        return List.of(
                new JmhRuns.Run(Floors.ONE_STORE, StorageFloorBenchmark.class, "oneStore", setting, parameters, true),
                new JmhRuns.Run(
                        Floors.THREE_STORES, StorageFloorBenchmark.class, "threeStores", setting, parameters, true),
                new JmhRuns.Run(Floors.ROUND_TRIP, WireFloorBenchmark.class, "roundTrip", setting, parameters),
                new JmhRuns.Run(Floors.STREAM, WireFloorBenchmark.class, "stream", setting, parameters));
    }

    /** Returns the setting as text for a person. */
    public static String setting(int inFlight, int payloadBytes) {
        return inFlight + " in flight, " + payloadBytes + " B";
    }
}
