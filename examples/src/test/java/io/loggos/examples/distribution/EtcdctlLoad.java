package io.loggos.examples.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Writes and reads by etcdctl, one after the other. Keeps what was acknowledged. */
final class EtcdctlLoad implements AutoCloseable {
    private static final Duration SOON = Duration.ofMinutes(3);
    private static final Map<String, String> API = Map.of("ETCDCTL_API", "3");

    private final Installation installation;
    private final String endpoints;
    private final TreeMap<String, String> acknowledged = new TreeMap<>();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> wrong = new AtomicReference<>();
    private final Thread thread = new Thread(this::run, "etcdctl-load");
    private volatile boolean stopping;

    EtcdctlLoad(Installation installation, String endpoints) {
        this.installation = installation;
        this.endpoints = endpoints;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            for (int i = 0; !stopping; i++) {
                String key = "key-" + i;
                if (etcdctl("put", key, "value " + i).code() == 0) {
                    acknowledged.put(key, "value " + i);
                    Installation.Ended read = etcdctl("get", "--print-value-only", key);
                    if (read.code() == 0) {
                        assertEquals("value " + i, read.output().strip());
                        done.incrementAndGet();
                    }
                }
            }
        } catch (Exception | AssertionError e) {
            wrong.set(e);
        }
    }

    private Installation.Ended etcdctl(String... arguments) throws Exception {
        String[] command = new String[arguments.length + 3];
        command[0] = "etcdctl";
        command[1] = "--endpoints=" + endpoints;
        command[2] = "--command-timeout=10s";
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        return installation.run(API, command);
    }

    /** Waits until this many more writes are acknowledged and read. */
    void awaitMore(int more) {
        int target = done.get() + more;
        Awaitility.await(more + " more writes").atMost(SOON).until(() -> wrong.get() != null || done.get() >= target);
        assertEquals(null, wrong.get());
    }

    /** Ends the load. Then every acknowledged write must be there. */
    void stopAndCheck() throws Exception {
        stopping = true;
        thread.join();
        assertEquals(null, wrong.get());
        TreeMap<String, String> found = new TreeMap<>();
        String[] lines = etcdctl("get", "--prefix", "key-").output().split("\n", -1);
        for (int i = 0; i + 1 < lines.length; i += 2) {
            found.put(lines[i], lines[i + 1]);
        }
        found.keySet().retainAll(acknowledged.keySet());
        assertEquals(acknowledged, found);
    }

    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
    }
}
