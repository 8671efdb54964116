package io.loggos.multicast.group.sim;

import io.loggos.api.NodeId;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.Ordering;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Has the applications send: one by one and in bursts, to all and to one, in every order. */
final class SimSenders {
    private final SimCluster cluster;
    private final SplittableRandom random;
    private boolean stopped;

    SimSenders(SimCluster cluster, SplittableRandom random) {
        this.cluster = cluster;
        this.random = random;
    }

    void start() {
        cluster.time.after(random.nextLong(2 * cluster.settings.sendEveryNanos()), () -> {
            if (!stopped) {
                List<SimMember> members = cluster.members();
                if (!members.isEmpty()) {
                    send(members.get(random.nextInt(members.size())));
                }
                start();
            }
        });
    }

    void stop() {
        stopped = true;
    }

    /** Everybody sends one message of each order, and one to each other. */
    void sendAll() {
        for (SimMember member : cluster.members()) {
            for (Ordering ordering : Ordering.values()) {
                member.submit(ordering, pick(Delivery.values()), null, 0);
            }
            cluster.nodes.keySet().forEach(to -> member.submit(Ordering.FIFO, Delivery.ON_RECEIPT, to, 0));
        }
    }

    private void send(SimMember member) {
        if (random.nextInt(10) == 0) {
            List<NodeId> nodes = new ArrayList<>(cluster.nodes.keySet());
            member.submit(Ordering.FIFO, Delivery.ON_RECEIPT, nodes.get(random.nextInt(nodes.size())), 10);
            return;
        }
        int burst = random.nextInt(8) == 0 ? random.nextInt(30) : 1;
        int most = random.nextInt(6) == 0 ? 16_000 : 100;
        for (int i = 0; i < burst; i++) {
            boolean mixed = cluster.settings.mixed();
            member.submit(
                    mixed ? pick(Ordering.values()) : cluster.settings.options().ordering(),
                    mixed ? pick(Delivery.values()) : cluster.settings.options().delivery(),
                    null,
                    random.nextInt(most));
        }
    }

    private <T> T pick(T[] of) {
        return of[random.nextInt(of.length)];
    }
}
