package io.loggos.examples.group.churn;

import io.loggos.api.Bytes;
import io.loggos.api.LoggosException;
import io.loggos.api.NodeId;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.GroupState;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.Receipt;
import io.loggos.api.group.ViewChange;
import io.loggos.api.node.Node;
import io.loggos.api.replica.CheckpointWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** A member of one group, whose state is the list of all its messages. It multicasts until it leaves. */
final class ChurnMember implements GroupListener, GroupState {
    /** Largest number of this member's messages whose receipts are open. */
    private static final int UNDER_WAY = 8;

    /** Shortest time between two messages. */
    private static final long EVERY_MILLIS = 10;

    private final String name;
    private final String prefix;
    private final Consumer<String> record;
    private final Group group;
    private final Semaphore room = new Semaphore(UNDER_WAY);
    private final Thread sender;
    private volatile boolean stopping;
    /** Guarded by itself. */
    private final List<String> state = new ArrayList<>();

    ChurnMember(Node node, String name, String prefix, Consumer<String> record) {
        this.name = name;
        this.prefix = prefix;
        this.record = record;
        record.accept("joining " + name);
        GroupOptions options = GroupOptions.builder(Ordering.TOTAL)
                .delivery(Delivery.SAFE)
                .state(this)
                .build();
        group = node.join(name, options, this);
        sender = new Thread(this::send, "sender of " + name);
        sender.setDaemon(true);
        sender.start();
    }

    private void send() {
        try {
            for (int number = 0; !stopping; number++) {
                room.acquire();
                Thread.sleep(EVERY_MILLIS);
                multicast(prefix + "." + number);
            }
        } catch (InterruptedException e) {
            record.accept("interrupted " + name);
        }
    }

    private void multicast(String text) {
        try {
            CompletableFuture<?> unused =
                    group.multicastWithReceipt(Bytes.utf8(text)).thenAccept(receipt -> ended(text, receipt));
        } catch (LoggosException e) {
            // The view is not primary, the group is closed, or too much waits.
            room.release();
        }
    }

    private void ended(String text, Receipt receipt) {
        if (receipt.outcome() == Receipt.Outcome.STABLE) {
            record.accept("stable " + name + " " + text);
        }
        room.release();
    }

    /** Multicasts no more, and waits until the fate of each message is known. */
    void stop() throws InterruptedException {
        stopping = true;
        sender.join();
        room.acquire(UNDER_WAY);
    }

    void leave() {
        stopping = true;
        group.close();
        record.accept("left " + name);
    }

    void dump() {
        synchronized (state) {
            record.accept("state " + name + " " + String.join(",", state));
        }
    }

    @Override
    public void onMessage(NodeId from, Bytes message) {
        synchronized (state) {
            state.add(message.toUtf8());
        }
    }

    @Override
    public void onView(ViewChange change) {
        record.accept("view " + name + " " + change.view());
    }

    @Override
    public void onEvicted(String reason) {
        record.accept("evicted " + name + " " + reason);
    }

    @Override
    public CheckpointWriter capture() {
        List<String> captured;
        synchronized (state) {
            captured = List.copyOf(state);
        }
        return directory -> Files.write(directory.resolve("state"), captured);
    }

    @Override
    public void restore(Path directory) throws IOException {
        List<String> restored = Files.readAllLines(directory.resolve("state"));
        synchronized (state) {
            state.clear();
            state.addAll(restored);
        }
    }
}
