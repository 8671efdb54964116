package io.loggos.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loggos.api.Bytes;
import io.loggos.api.InvalidOptionsException;
import io.loggos.api.NodeClosedException;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.MessageTooLargeException;
import io.loggos.api.group.Ordering;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.node.Node;
import org.junit.jupiter.api.Test;

/** Calls of a node that are refused, and that what is open goes on. */
class RefusedCallsTest extends GroupNodes {
    @Test
    void whatCannotBeIsRefused() {
        Node node = nodes.get(0);
        GroupOptions options = GroupOptions.of(Ordering.FIFO);
        Group group = node.join(
                "talk",
                options.toBuilder().maxMessageBytes(100).windowBytes(1 << 20).build(),
                new Diary());
        assertThrows(MessageTooLargeException.class, () -> group.multicast(Bytes.wrap(new byte[101])));
        assertThrows(IllegalStateException.class, () -> node.join("talk", options, new Diary()));
        assertThrows(IllegalArgumentException.class, () -> node.join("", options, new Diary()));
        assertThrows(IllegalArgumentException.class, () -> node.join("loggos.x", options, new Diary()));
        assertThrows(IllegalArgumentException.class, () -> node.join("x".repeat(256), options, new Diary()));
        group.close();
        group.close();
        assertThrows(NodeClosedException.class, () -> group.multicast(Bytes.utf8("x")));
        node.close();
        assertThrows(NodeClosedException.class, () -> node.join("other", options, new Diary()));
        assertThrows(
                InvalidOptionsException.class,
                () -> options.toBuilder().maxMessageBytes(0).build());
    }

    @Test
    void aWindowThatNoLinkCanHoldIsRefused() {
        GroupOptions options =
                GroupOptions.builder(Ordering.FIFO).windowBytes(256 << 20).build();
        assertThrows(InvalidOptionsException.class, () -> nodes.get(0).join("feed", options, new Diary()));
    }

    @Test
    void theNamesOfTheLibrarysLogsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> nodes.get(0).keyValueStore("loggos.views"));
    }

    /** To open a store empties its directory: a second one of the same name must be refused before that. */
    @Test
    void aStoreThatIsOpenIsNotOpenedAgain() {
        Bytes key = Bytes.utf8("k");
        KeyValueStore store = nodes.get(0).keyValueStore("orders");
        nodes.get(1).keyValueStore("orders");
        within(() -> store.put(key, Bytes.utf8("v")).join());
        assertThrows(IllegalStateException.class, () -> nodes.get(0).keyValueStore("orders"));
        within(() -> assertEquals(
                Bytes.utf8("v"), store.get(key).join().orElseThrow().value()));
    }
}
