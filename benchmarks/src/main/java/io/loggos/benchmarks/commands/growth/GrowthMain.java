package io.loggos.benchmarks.commands.growth;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.loggos.benchmarks.harness.workload.Commands;
import io.loggos.benchmarks.harness.workload.Work;
import io.loggos.benchmarks.systems.servers.client.ClientProgram;
import io.loggos.benchmarks.systems.servers.client.ClientProgram.Setting;
import io.loggos.benchmarks.systems.servers.client.EtcdClient;
import io.loggos.examples.etcd.proto.RangeRequest;
import java.time.Duration;
import java.util.SplittableRandom;

/** Program that fills the servers stage by stage, and measures each operation at each stage. */
public final class GrowthMain {
    private static final long SEED = 1978;
    private static final int RANGE_KEYS = 100;
    private static final ByteString ALL = ByteString.copyFrom(new byte[1]);

    private final ClientProgram program;
    private final GrowthPlan plan;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private long keys;
    private long versions;

    private GrowthMain(ClientProgram program, GrowthPlan plan) {
        this.program = program;
        this.plan = plan;
    }

    /** Takes the arguments of a {@link GrowthPlan}. */
    public static void main(String[] arguments) {
        GrowthPlan plan = GrowthPlan.of(arguments);
        ClientProgram.run(plan.endpoints(), plan.processIds(), program -> new GrowthMain(program, plan).run());
    }

    private void run() {
        grow(plan.stages().get(0).keys());
        for (GrowthLoad load : GrowthLoad.values()) {
            measure(load, load.text(), Duration.ofSeconds(plan.warmUpSeconds()), true);
        }
        for (GrowthPlan.Stage stage : plan.stages()) {
            grow(stage.keys());
            overwrite(stage.versions());
            for (GrowthLoad load : GrowthLoad.values()) {
                measure(load, stage.name(load.text()), Duration.ofSeconds(plan.measuredSeconds()), false);
            }
        }
    }

    private void grow(long target) {
        fill(keys, target - keys, target);
        keys = target;
    }

    private void overwrite(long target) {
        fill(0, target - versions, keys);
    }

    private void fill(long first, long puts, long modulus) {
        if (puts > 0) {
            program.toItsEnd(
                    new Setting("fill", FillWork.IN_FLIGHT, plan.payloadBytes(), true, 1),
                    client -> new FillWork(client, first, puts, modulus, plan.payloadBytes()));
            versions += puts;
        }
    }

    private void measure(GrowthLoad load, String name, Duration time, boolean warmUp) {
        int inFlight = load.inFlight(plan.inFlight());
        Setting setting = new Setting(name, inFlight, plan.payloadBytes(), load.writes(), 1);
        try (Counting unused = load == GrowthLoad.PUT_BESIDE_COUNTS ? new Counting(program.leader(), all()) : null) {
            if (warmUp) {
                program.warmUp(setting, client -> work(load, client), time);
            } else {
                program.measure(setting, client -> work(load, client), time);
            }
        }
    }

    private Work work(GrowthLoad load, EtcdClient client) {
        Commands values = new Commands(plan.payloadBytes());
        return switch (load) {
            case PUT, PUT_BESIDE_COUNTS ->
                each -> client.put(key(), UnsafeByteOperations.unsafeWrap(values.next()), each);
            case GET ->
                each -> client.range(RangeRequest.newBuilder().setKey(key()).build(), each);
            case FIRST -> each -> client.range(allKeys().setLimit(1).build(), each);
            case RANGE ->
                each -> client.range(
                        RangeRequest.newBuilder()
                                .setKey(key())
                                .setRangeEnd(ALL)
                                .setLimit(RANGE_KEYS)
                                .build(),
                        each);
            case COUNT -> each -> client.range(all(), each);
        };
    }

    private ByteString key() {
        return FillWork.key(random.nextLong(keys));
    }

    private static RangeRequest all() {
        return allKeys().setCountOnly(true).build();
    }

    private static RangeRequest.Builder allKeys() {
        return RangeRequest.newBuilder().setKey(ALL).setRangeEnd(ALL);
    }
}
