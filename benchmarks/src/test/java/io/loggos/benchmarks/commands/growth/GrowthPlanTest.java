package io.loggos.benchmarks.commands.growth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class GrowthPlanTest {
    @Test
    void argumentsSayThePlan() {
        GrowthPlan plan = new GrowthPlan(
                List.of("127.0.0.1:1", "127.0.0.1:2"),
                List.of(10L, 20L),
                GrowthPlan.growingKeys(List.of(10L, 200L)),
                64,
                256,
                3,
                4);

        assertEquals(plan, GrowthPlan.of(plan.toArguments().toArray(String[]::new)));
        assertEquals(12, plan.settings());
    }

    @Test
    void historyGrowsToTheSizesThatKeysGrewTo() {
        List<GrowthPlan.Stage> stages = GrowthPlan.growingHistory(List.of(10L, 200L, 3000L));

        assertEquals(List.of(new GrowthPlan.Stage(10, 200), new GrowthPlan.Stage(10, 3000)), stages);
        assertEquals("put, 10 keys of 3,000 versions", stages.get(1).name("put"));
        assertEquals("put, 3,000 keys", new GrowthPlan.Stage(3000, 3000).name("put"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--keys 0", "--keys 100,10", "--keys 5,5", "--in-flight 0", "--payload 0"})
    void mistakesAreNamed(String line) {
        GrowthCommand command = new GrowthCommand();
        new CommandLine(command).parseArgs(line.split(" "));

        assertThrows(CommandLine.ParameterException.class, command::check);
    }
}
