package io.loggos.benchmarks.commands.server;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.loggos.benchmarks.harness.workload.Operation;
import io.loggos.benchmarks.harness.workload.Work;
import io.loggos.benchmarks.systems.servers.client.EtcdClient;
import io.loggos.examples.etcd.proto.LeaseGrantRequest;
import io.loggos.examples.etcd.proto.LeaseGrantResponse;
import io.loggos.examples.etcd.proto.LeaseGrpc;
import io.loggos.examples.etcd.proto.LeaseKeepAliveRequest;
import io.loggos.examples.etcd.proto.LeaseKeepAliveResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Keeps ten thousand leases alive, in turn, over the streams of many clients. An operation completes with the answer,
 * and fails if the lease is gone.
 */
final class KeepAliveWork implements Work {
    /** Longer than a run, so that no lease ends while something else is measured. */
    static final long TTL_SECONDS = 7200;

    private static final int LEASES = 10_000;
    /** Few enough for a slow server to answer in time. A divisor of the leases. */
    private static final int GRANTED_AT_ONCE = 250;

    private static final int STREAMS = 64;

    private final List<Long> leases = new ArrayList<>();
    private final List<Stream> streams = new ArrayList<>();
    private int next;

    KeepAliveWork(EtcdClient client) {
        LeaseGrantRequest request =
                LeaseGrantRequest.newBuilder().setTTL(TTL_SECONDS).build();
        while (leases.size() < LEASES) {
            List<Future<LeaseGrantResponse>> granted = new ArrayList<>();
            for (int i = 0; i < GRANTED_AT_ONCE; i++) {
                granted.add(client.askLater(LeaseGrpc.getLeaseGrantMethod(), request));
            }
            granted.forEach(each -> leases.add(answer(each).getID()));
        }
        for (int i = 0; i < STREAMS; i++) {
            streams.add(new Stream(client.open(LeaseGrpc.getLeaseKeepAliveMethod())));
        }
    }

    private static LeaseGrantResponse answer(Future<LeaseGrantResponse> granted) {
        try {
            return granted.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a lease was not granted", e);
        }
    }

    @Override
    public void start(Operation operation) {
        next = next + 1 == LEASES ? 0 : next + 1;
        streams.get(next % STREAMS).ask(leases.get(next), operation);
    }

    /** One stream, whose answers come in the order of the requests. */
    private static final class Stream extends ClientCall.Listener<LeaseKeepAliveResponse> {
        private final ClientCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> call;
        private final Deque<Operation> asked = new ArrayDeque<>();

        Stream(ClientCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> call) {
            this.call = call;
            call.start(this, new Metadata());
            call.request(Integer.MAX_VALUE);
        }

        void ask(long lease, Operation operation) {
            synchronized (asked) {
                asked.add(operation);
            }
            call.sendMessage(LeaseKeepAliveRequest.newBuilder().setID(lease).build());
        }

        @Override
        public void onMessage(LeaseKeepAliveResponse answer) {
            Operation operation;
            synchronized (asked) {
                operation = asked.remove();
            }
            operation.complete(answer.getTTL() > 0 ? null : new IllegalStateException("the lease is gone"));
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            synchronized (asked) {
                asked.forEach(operation -> operation.complete(status.asRuntimeException()));
                asked.clear();
            }
        }
    }
}
