package io.loggos.benchmarks.commands.growth;

import io.grpc.StatusRuntimeException;
import io.loggos.benchmarks.systems.servers.client.EtcdClient;
import io.loggos.examples.etcd.proto.KVGrpc;
import io.loggos.examples.etcd.proto.RangeRequest;

/** Another client, which asks the same again and again until it is closed. */
final class Counting implements AutoCloseable {
    private final EtcdClient client;
    private final Thread thread;
    private volatile boolean closed;

    Counting(EtcdClient client, RangeRequest request) {
        this.client = client;
        this.thread = new Thread(() -> ask(request), "bench-counting");
        thread.setDaemon(true);
        thread.start();
    }

    private void ask(RangeRequest request) {
        while (!closed) {
            try {
                client.ask(KVGrpc.getRangeMethod(), request);
            } catch (StatusRuntimeException e) {
                if (!closed) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        client.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
