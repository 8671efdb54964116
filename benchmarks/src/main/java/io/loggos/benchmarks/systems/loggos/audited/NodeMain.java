package io.loggos.benchmarks.systems.loggos.audited;

import io.loggos.api.Bytes;
import io.loggos.api.node.Node;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.benchmarks.harness.machine.Machine;
import io.loggos.benchmarks.harness.process.Forker;
import io.loggos.benchmarks.harness.trial.GapTracker;
import io.loggos.benchmarks.systems.loggos.EventMeters;
import io.loggos.benchmarks.systems.loggos.LoggosNodes;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Program of a JVM with one node and one log. It does what {@link ForkedNode} says: one request a line, and one answer
 * to each.
 */
public final class NodeMain {
    /** Name of the log of all trials. */
    static final String LOG = "trial";

    private static final long PAUSE_MILLIS = 1;

    private final Forker forker;
    private final EventMeters events = new EventMeters();
    private final GapTracker gaps = new GapTracker(System.nanoTime());
    private final AuditedStateMachine machine = new AuditedStateMachine(gaps);
    private final Node node;
    private final Replica replica;
    private @Nullable AuditedLoad load;

    private NodeMain(Forker forker, NodeSettings settings) {
        this.forker = forker;
        forker.say(Machine.describeJvm());
        long begunNanos = System.nanoTime();
        node = LoggosNodes.builder(settings.addresses(), settings.id() - 1)
                .timing(settings.timing())
                .meters(events)
                .open();
        long openedNanos = System.nanoTime();
        replica = node.replicate(LOG, machine, settings.replica());
        forker.say(String.join(
                " ", Long.toString(begunNanos), Long.toString(openedNanos), Long.toString(System.nanoTime())));
    }

    /** Takes {@link NodeSettings#toArguments}. */
    public static void main(String[] arguments) {
        Forker.run(forker -> new NodeMain(forker, NodeSettings.parse(arguments)).serve());
    }

    private void serve() throws InterruptedException {
        while (true) {
            String[] request = forker.next().split(" ", -1);
            switch (request[0]) {
                case "ready" -> forker.say(ready().toText());
                case "status" -> forker.say(status());
                case "load" -> forker.say(begin(request));
                case "loaded" -> forker.say(loaded());
                case "stop" -> forker.say(stop());
                case "mark" -> {
                    gaps.restart(System.nanoTime());
                    forker.say("marked");
                }
                case "gap" -> forker.say(gap());
                case "missing" -> forker.say(Integer.toString(missing(Acknowledged.parse(request[1]))));
                case "close" -> {
                    node.close();
                    forker.say("closed");
                    return;
                }
                default -> throw new IllegalArgumentException("unknown request " + request[0]);
            }
        }
    }

    /** Proposes commands until one is applied here; then all commands before it are applied too. */
    private ForkedNode.Ready ready() throws InterruptedException {
        long replayed = 0;
        long led = 0;
        CompletableFuture<?> command = replica.propose(Bytes.EMPTY);
        while (!command.isDone() || command.isCompletedExceptionally()) {
            if (command.isDone()) {
                command = replica.propose(Bytes.EMPTY);
            }
            Thread.sleep(PAUSE_MILLIS);
            ReplicaStatus status = replica.status();
            if (replayed == 0 && status.appliedSlot().equals(status.chosenSlot())) {
                replayed = System.nanoTime();
            }
            if (led == 0 && status.leader() != null) {
                led = System.nanoTime();
            }
        }
        long ready = System.nanoTime();
        return new ForkedNode.Ready(replayed == 0 ? ready : replayed, led == 0 ? ready : led, ready);
    }

    private String status() {
        ReplicaStatus status = replica.status();
        AuditedStateMachine.State state = local(machine::state);
        return new ForkedNode.Status(
                        status.role(),
                        status.leader() == null ? 0 : status.leader().value(),
                        status.appliedSlot().value(),
                        status.knownChosenSlot().value(),
                        events.candidacies(),
                        state)
                .toText();
    }

    private String begin(String[] request) {
        AuditedLoad begun = new AuditedLoad(
                replica,
                Long.parseLong(request[1]),
                Integer.parseInt(request[2]),
                Integer.parseInt(request[3]),
                Integer.parseInt(request[4]));
        load = begun;
        begun.start();
        return "begun";
    }

    private String loaded() {
        AuditedLoad current = load();
        return current.proposed() + " " + current.isOver();
    }

    private String stop() throws InterruptedException {
        AuditedLoad current = load();
        String acknowledged = current.stop().toText();
        Throwable failure = current.firstFailure();
        load = null;
        return failure == null ? acknowledged : acknowledged + " " + failure;
    }

    private AuditedLoad load() {
        if (load == null) {
            throw new IllegalStateException("there is no load");
        }
        return load;
    }

    private String gap() {
        GapTracker.Seen seen = gaps.take(System.nanoTime());
        return seen.events() + " " + seen.longestNanos() + " " + seen.beginNanos();
    }

    private int missing(Acknowledged acknowledged) {
        return local(() -> machine.missing(acknowledged));
    }

    private <T> T local(Supplier<T> query) {
        return replica.read(Consistency.LOCAL, query).join().value();
    }
}
