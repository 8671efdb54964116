package io.loggos.examples.server.etcd;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.StreamObserver;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.api.kv.recipe.Claim;
import io.loggos.api.kv.recipe.Mutex;
import io.loggos.examples.etcd.proto.LockGrpc;
import io.loggos.examples.etcd.proto.LockRequest;
import io.loggos.examples.etcd.proto.LockResponse;
import io.loggos.examples.etcd.proto.UnlockRequest;
import io.loggos.examples.etcd.proto.UnlockResponse;
import io.loggos.examples.server.call.Answers;
import io.loggos.examples.server.call.Callers;

/** etcd's Lock service on a replicated store. A call waits for its lock without a thread. */
public final class LockService extends LockGrpc.LockImplBase {
    private final Callers callers;
    private final Headers headers;
    private final Answers answers;

    public LockService(Callers callers, Headers headers, Answers answers) {
        this.callers = callers;
        this.headers = headers;
        this.answers = answers;
    }

    /** Answers when the lock is held. If the client goes before, it leaves the queue. */
    @Override
    public void lock(LockRequest request, StreamObserver<LockResponse> client) {
        KeyValueStore store = callers.store();
        answers.<Claim, LockResponse>whileWanted(
                client,
                () -> new Sessions(store.leases())
                        .withLease(
                                request.getLease(),
                                lease -> new Mutex(store, Requests.bytes(request.getName())).lock(lease)),
                claim -> LockResponse.newBuilder()
                        .setHeader(headers.at(claim.revision()))
                        .setKey(UnsafeByteOperations.unsafeWrap(claim.key().asByteBuffer()))
                        .build());
    }

    @Override
    public void unlock(UnlockRequest request, StreamObserver<UnlockResponse> client) {
        KeyValueStore store = callers.store();
        answers.later(
                client,
                () -> store.delete(new Operation.Delete(KeyRange.single(Requests.bytes(request.getKey())), false)),
                deleted -> UnlockResponse.newBuilder()
                        .setHeader(headers.at(deleted.value().revision()))
                        .build());
    }
}
