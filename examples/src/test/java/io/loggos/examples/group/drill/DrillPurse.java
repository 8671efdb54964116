package io.loggos.examples.group.drill;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.ViewChange;
import io.loggos.api.node.Node;
import io.loggos.api.snapshot.Participant;
import java.util.Set;
import java.util.function.Consumer;

/** Money of one node, coins of which travel to the next node all the time. Used on the thread of its participant. */
final class DrillPurse implements GroupListener {
    static final String GROUP = "purses";
    static final long MINTED = 100;

    private static final int AT_ONCE = 10;
    private static final Bytes COIN = Bytes.utf8("coin");

    private final NodeId next;
    private final Consumer<String> record;
    private final Group group;
    private long money;
    private boolean going;

    DrillPurse(Node node, long money, Participant participant, Set<NodeId> founders, Consumer<String> record) {
        this.next = NodeId.of(node.id().value() % RestoreDrillEndToEndTest.NODES + 1);
        this.money = money;
        this.record = record;
        group = node.join(
                GROUP,
                GroupOptions.builder(Ordering.FIFO)
                        .executor(participant)
                        .founders(founders)
                        .build(),
                this);
    }

    long money() {
        return money;
    }

    void go(boolean on) {
        going = on;
        for (int i = 0; i < AT_ONCE; i++) {
            give();
        }
    }

    private void give() {
        if (going && money > 0) {
            group.send(next, COIN);
            money--;
        }
    }

    @Override
    public void onMessage(NodeId from, Bytes message) {
        money++;
        give();
    }

    @Override
    public void onView(ViewChange change) {
        record.accept("view " + GROUP + " " + change.view());
    }

    @Override
    public void onEvicted(String reason) {
        record.accept("evicted " + GROUP + " " + reason);
    }
}
