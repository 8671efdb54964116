package io.loggos.benchmarks.commands.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class LoadPlanTest {
    @Test
    void argumentsSayThePlan() {
        LoadPlan plan = new LoadPlan(
                List.of("127.0.0.1:1", "127.0.0.1:2"),
                List.of(10L, 20L),
                List.of("put", "watch by 100"),
                List.of(1, 64),
                List.of(256),
                3,
                4);

        assertEquals(plan, LoadPlan.of(plan.toArguments().toArray(String[]::new)));
    }

    @Test
    void eachSettingIsMeasuredWithEachOperation() {
        LoadPlan plan = new LoadPlan(
                List.of("a:1"), List.of(1L), List.of("put", "read"), List.of(1, 64, 1024), List.of(16, 256), 1, 1);

        assertEquals(12, plan.settings());
    }
}
