package io.loggos.examples.group.drill;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.GroupState;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.ViewChange;
import io.loggos.api.node.Node;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.snapshot.Participant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;

/** Member of one group. It answers each of its own messages with a new one. Used on the thread of its participant. */
final class DrillFeed implements GroupListener, GroupState {
    /** Messages of one member that are on their way at a time. */
    private static final int AT_ONCE = 3;

    private final NodeId self;
    private final DrillBook book;
    private final Consumer<String> record;
    private final Group group;
    private boolean going;

    /** @param stateful whether newcomers take over the state of another member */
    DrillFeed(
            Node node,
            Ordering ordering,
            DrillBook book,
            Participant participant,
            Set<NodeId> founders,
            boolean stateful,
            Consumer<String> record) {
        this.self = node.id();
        this.book = book;
        this.record = record;
        GroupOptions.Builder options =
                GroupOptions.builder(ordering).executor(participant).founders(founders);
        group = node.join(name(ordering), (stateful ? options.state(this) : options).build(), this);
    }

    static String name(Ordering ordering) {
        return "feed-" + ordering;
    }

    void go(boolean on) {
        going = on;
        for (int i = 0; i < AT_ONCE; i++) {
            send();
        }
    }

    private void send() {
        if (going) {
            group.multicast(Bytes.utf8(book.write()));
        }
    }

    @Override
    public void onMessage(NodeId from, Bytes message) {
        take(from, message);
        if (from.equals(self)) {
            send();
        }
    }

    @Override
    public void onRestored(NodeId from, Bytes message) {
        take(from, message);
    }

    private void take(NodeId from, Bytes message) {
        String wrong = book.take(from, message.toUtf8());
        if (!wrong.isEmpty()) {
            record.accept("wrong " + group.name() + ": " + wrong);
        }
    }

    @Override
    public void onView(ViewChange change) {
        record.accept("view " + group.name() + " " + change.view());
    }

    @Override
    public void onEvicted(String reason) {
        record.accept("evicted " + group.name() + " " + reason);
    }

    @Override
    public CheckpointWriter capture() {
        String captured = book.state();
        return directory -> Files.writeString(directory.resolve("state"), captured);
    }

    @Override
    public void restore(Path directory) throws IOException {
        book.takeOver(Files.readString(directory.resolve("state")));
    }
}
