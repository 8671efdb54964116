package io.loggos.benchmarks.commands.multicasttrials;

import io.loggos.api.group.Ordering;
import io.loggos.benchmarks.harness.machine.Addresses;
import io.loggos.benchmarks.harness.machine.Machine;
import io.loggos.benchmarks.harness.process.Forker;
import io.loggos.benchmarks.harness.trial.GapTracker;
import io.loggos.benchmarks.systems.catalog.Catalog;
import io.loggos.benchmarks.systems.multicast.DeliveryAudit;
import io.loggos.benchmarks.systems.multicast.MemberLoad;
import io.loggos.benchmarks.systems.multicast.MulticastMember;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Program of a JVM with one member. It does what {@link ForkedMember} says: one request a line, and one answer to each.
 */
public final class MemberMain {
    private final Forker forker;
    private final int number;
    private final GapTracker gaps = new GapTracker(System.nanoTime());
    private final DeliveryAudit audit;
    private final MulticastMember member;
    private @Nullable MemberLoad load;

    private MemberMain(Forker forker, String system, int number, Addresses addresses, Ordering ordering)
            throws Exception {
        this.forker = forker;
        this.number = number;
        this.audit = new DeliveryAudit(addresses.count(), ordering.isTotal(), () -> gaps.event(System.nanoTime()));
        this.member = Catalog.MULTICAST.byName(system).open(number, addresses, ordering, audit);
        forker.say(Machine.describeJvm());
    }

    /** Takes the system, the member's number, the directory, the ports, and the ordering. */
    public static void main(String[] arguments) {
        Forker.run(forker -> {
            Addresses addresses = Addresses.parse(Path.of(arguments[2]), arguments[3]);
            Ordering ordering = Ordering.valueOf(arguments[4]);
            new MemberMain(forker, arguments[0], Integer.parseInt(arguments[1]), addresses, ordering).serve();
        });
    }

    private void serve() throws Exception {
        while (true) {
            String[] request = forker.next().split(" ", -1);
            switch (request[0]) {
                case "view" ->
                    forker.say(new ForkedMember.Seen(
                                    audit.views(), audit.viewSize(), audit.isCoordinator(), audit.viewNanos())
                            .toText());
                case "load" -> {
                    load = new MemberLoad(member, number, Integer.parseInt(request[1]));
                    load.start();
                    forker.say("begun");
                }
                case "stop" -> forker.say(stopLoad());
                case "state" -> forker.say(audit.state().toText());
                case "mark" -> {
                    gaps.restart(System.nanoTime());
                    forker.say("marked");
                }
                case "gap" ->
                    forker.say(Long.toString(gaps.take(System.nanoTime()).longestNanos()));
                case "close" -> {
                    member.close();
                    forker.say("closed");
                    return;
                }
                default -> throw new IllegalArgumentException("unknown request " + request[0]);
            }
        }
    }

    private String stopLoad() throws InterruptedException {
        if (load == null) {
            throw new IllegalStateException("there is no load");
        }
        load.stop();
        Exception failure = load.join();
        return failure == null
                ? Long.toString(load.sent())
                : load.sent() + " " + failure.toString().replace('\n', ' ');
    }
}
