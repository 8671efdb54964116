package io.loggos.benchmarks.commands.multicast;

import io.loggos.api.group.Ordering;
import io.loggos.benchmarks.harness.machine.Addresses;
import io.loggos.benchmarks.harness.process.Await;
import io.loggos.benchmarks.systems.multicast.DeliveryAudit;
import io.loggos.benchmarks.systems.multicast.MulticastMember;
import io.loggos.benchmarks.systems.multicast.MulticastSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All members of one group, in this JVM. For one thread. */
final class MulticastGroup implements AutoCloseable {
    private static final int ATTEMPTS = 3;

    private final boolean total;
    private final List<DeliveryAudit> audits = new ArrayList<>();
    private final List<MulticastMember> members = new ArrayList<>();

    private MulticastGroup(boolean total) {
        this.total = total;
    }

    /**
     * Opens the members and returns when each sees all of them.
     *
     * @param directory an empty directory
     * @param afterEach called after each delivery at any member
     */
    static MulticastGroup open(
            MulticastSystem system, Ordering ordering, int members, Path directory, Runnable afterEach)
            throws Exception {
        for (int attempt = 1; ; attempt++) {
            MulticastGroup group = new MulticastGroup(ordering.isTotal());
            try {
                Addresses addresses = Addresses.free(directory.resolve("attempt-" + attempt), members);
                group.openMembers(system, addresses, ordering, afterEach);
                return group;
            } catch (Exception e) {
                group.close();
                // Another process may have taken one of the ports.
                if (attempt == ATTEMPTS || !isTaken(e)) {
                    throw e;
                }
            }
        }
    }

    int size() {
        return members.size();
    }

    /** Returns the members in the order in which they joined. */
    List<MulticastMember> members() {
        return members;
    }

    /** Returns the number of multicasts of the last members that every member was delivered. */
    long deliveredEverywhere(int senders) {
        long sum = 0;
        for (int sender = 0; sender < senders; sender++) {
            int member = members.size() - 1 - sender;
            long least = Long.MAX_VALUE;
            for (DeliveryAudit audit : audits) {
                least = Math.min(least, audit.delivered(member));
            }
            sum += least;
        }
        return sum;
    }

    /**
     * Waits until every member was delivered everything that was sent, or until a timeout, and tells if all orders are
     * right.
     *
     * @param sent number of multicasts sent by each member
     */
    boolean agrees(List<Long> sent) {
        boolean unused = Await.until(
                () -> states().stream().allMatch(state -> state.next().equals(sent)));
        List<DeliveryAudit.State> states = states();
        boolean complete = states.stream()
                .allMatch(state -> state.inOrder() && state.next().equals(sent));
        long orders =
                states.stream().map(DeliveryAudit.State::orderHash).distinct().count();
        boolean agree = complete && (!total || orders == 1);
        if (!agree) {
            System.err.println("The members differ. Sent: " + sent);
            audits.forEach(audit -> System.err.println("in a view of " + audit.viewSize() + ": " + audit.state()));
        }
        return agree;
    }

    @Override
    public void close() {
        for (int i = members.size() - 1; i >= 0; i--) {
            members.get(i).close();
        }
        members.clear();
    }

    private List<DeliveryAudit.State> states() {
        return audits.stream().map(DeliveryAudit::state).toList();
    }

    private void openMembers(MulticastSystem system, Addresses addresses, Ordering ordering, Runnable afterEach)
            throws Exception {
        for (int number = 0; number < addresses.count(); number++) {
            DeliveryAudit audit = new DeliveryAudit(addresses.count(), total, afterEach);
            audits.add(audit);
            members.add(system.open(number, addresses, ordering, audit));
        }
        Await.present(
                "view of all members",
                () -> audits.stream().allMatch(audit -> audit.viewSize() == addresses.count()) ? this : null);
    }

    private static boolean isTaken(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return true;
            }
        }
        return false;
    }
}
