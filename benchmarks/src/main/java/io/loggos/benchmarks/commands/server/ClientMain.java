package io.loggos.benchmarks.commands.server;

import io.loggos.benchmarks.systems.servers.client.ClientProgram;
import io.loggos.benchmarks.systems.servers.client.ClientProgram.Setting;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * Program that loads the servers. It warms up with the most operations in flight. Then it runs a closed loop of each
 * operation at each setting.
 */
public final class ClientMain {
    private ClientMain() {}

    /** Takes the arguments of a {@link LoadPlan}. */
    public static void main(String[] arguments) {
        LoadPlan plan = LoadPlan.of(arguments);
        ClientProgram.run(plan.endpoints(), plan.processIds(), program -> run(program, plan));
    }

    private static void run(ClientProgram program, LoadPlan plan) {
        List<ServerLoad> loads =
                plan.operations().stream().map(ServerLoad::named).toList();
        // Most in flight first: it warms up most, and a compiler that still works disturbs small numbers most.
        List<Integer> mostFirst =
                plan.inFlight().stream().sorted(Comparator.reverseOrder()).toList();
        int bytes = plan.payloadBytes().get(0);
        Duration warmUp = Duration.ofSeconds(plan.warmUpSeconds());
        for (ServerLoad load : loads) {
            program.warmUp(
                    setting(load, mostFirst.get(0), bytes),
                    client -> load.over(client, bytes, mostFirst.get(0)),
                    warmUp);
            // What the first has compiled serves the others as well.
            warmUp = Duration.ofSeconds(plan.warmUpSeconds() / 2);
        }
        for (int payloadBytes : plan.payloadBytes()) {
            for (int inFlight : mostFirst) {
                for (ServerLoad load : loads) {
                    program.measure(
                            setting(load, inFlight, payloadBytes),
                            client -> load.over(client, payloadBytes, inFlight),
                            Duration.ofSeconds(plan.measuredSeconds()));
                }
            }
        }
    }

    private static Setting setting(ServerLoad load, int inFlight, int payloadBytes) {
        return new Setting(load.name(), inFlight, payloadBytes, load.writes(), load.events());
    }
}
