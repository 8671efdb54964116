package io.loggos.examples;

import io.loggos.api.Bytes;
import io.loggos.api.kv.CompactedException;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Outcome;
import io.loggos.api.kv.WatchEvent;
import io.loggos.api.kv.WatchEvents;
import io.loggos.api.kv.WatchOptions;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import io.loggos.api.replica.Consistency;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A copy of some keys that a watch keeps up to date. When its node is closed, the copy goes on at another node. */
public final class WatchExample {
    private static final int NODES = 3;
    private static final KeyRange SETTINGS = KeyRange.prefix(Bytes.utf8("settings/"));

    private WatchExample() {}

    /** Runs the example in a temporary directory, or in the directory given as argument. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory =
                arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("loggos-watch-example");
        run(directory, System.out);
    }

    static void run(Path directory, PrintStream out) throws IOException, InterruptedException {
        List<Integer> ports = freePorts();
        List<Node> nodes = new ArrayList<>();
        List<KeyValueStore> stores = new ArrayList<>();
        try {
            for (int id = 1; id <= NODES; id++) {
                Node node = open(id, ports, directory);
                nodes.add(node);
                stores.add(node.keyValueStore("settings"));
            }
            put(stores.get(0), "settings/color", "red");
            Copy copy = new Copy();
            copy.follow(stores.get(1));
            put(stores.get(0), "other", "not watched");
            put(stores.get(0), "settings/size", "12");
            copy.awaitRevision(stores.get(0).revision());
            out.println("the copy is " + copy);

            nodes.get(1).close();
            put(stores.get(0), "settings/color", "blue");
            stores.get(0).delete(Bytes.utf8("settings/size")).join();
            copy.follow(stores.get(2));
            copy.awaitRevision(stores.get(0).revision());
            out.println("after the end of its node it is " + copy);
        } finally {
            nodes.forEach(Node::close);
        }
    }

    /** A copy of the settings. */
    private static final class Copy implements Flow.Subscriber<WatchEvents> {
        private final SortedMap<String, String> settings = new TreeMap<>();
        private long revision;
        private Flow.@Nullable Subscription watch;

        /** Follows the settings at a node: from the place of this copy, or from all settings if there is none. */
        void follow(KeyValueStore store) {
            if (bookmark() == 0) {
                read(store);
            }
            WatchOptions options =
                    WatchOptions.builder().fromRevision(bookmark() + 1).build();
            store.watch(SETTINGS, options).subscribe(this);
        }

        private synchronized long bookmark() {
            return revision;
        }

        private void read(KeyValueStore store) {
            Outcome.Range all = store.range(Consistency.LINEARIZABLE, Operation.Range.of(SETTINGS))
                    .join()
                    .value();
            synchronized (this) {
                settings.clear();
                all.keyValues()
                        .forEach(
                                kv -> settings.put(kv.key().toUtf8(), kv.value().toUtf8()));
                revision = all.revision();
            }
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            watch = subscription;
            subscription.request(1);
        }

        /** The next batch comes only after it was requested, so a slow copy is not overrun. */
        @Override
        public void onNext(WatchEvents batch) {
            synchronized (this) {
                for (WatchEvent event : batch.events()) {
                    String key = event.keyValue().key().toUtf8();
                    if (event.kind() == WatchEvent.Kind.DELETE) {
                        settings.remove(key);
                    } else {
                        settings.put(key, event.keyValue().value().toUtf8());
                    }
                }
                revision = batch.revision();
                notifyAll();
            }
            if (watch != null) {
                watch.request(1);
            }
        }

        /** The watch has ended. After {@link CompactedException} the settings must be read again. */
        @Override
        public synchronized void onError(Throwable failure) {
            if (failure instanceof CompactedException) {
                revision = 0;
            }
        }

        @Override
        public void onComplete() {
            // A watch does not complete.
        }

        synchronized void awaitRevision(long least) throws InterruptedException {
            while (revision < least) {
                wait();
            }
        }

        @Override
        public synchronized String toString() {
            return settings.toString();
        }
    }

    private static void put(KeyValueStore store, String key, String value) {
        store.put(Bytes.utf8(key), Bytes.utf8(value)).join();
    }

    private static Node open(int id, List<Integer> ports, Path directory) {
        NodeBuilder builder = Node.builder()
                .clusterId("watch-example")
                .id(id)
                .listen("127.0.0.1:" + ports.get(id - 1))
                .dataDirectory(directory.resolve("node-" + id));
        for (int peer = 1; peer <= NODES; peer++) {
            if (peer != id) {
                builder.peer(peer, "127.0.0.1:" + ports.get(peer - 1));
            }
        }
        return builder.open();
    }

    /** Asks the system for free ports. An application would have fixed ports. */
    private static List<Integer> freePorts() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket a = new ServerSocket(0, 1, loopback);
                ServerSocket b = new ServerSocket(0, 1, loopback);
                ServerSocket c = new ServerSocket(0, 1, loopback)) {
            return List.of(a.getLocalPort(), b.getLocalPort(), c.getLocalPort());
        }
    }
}
