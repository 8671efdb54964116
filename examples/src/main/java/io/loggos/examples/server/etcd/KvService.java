package io.loggos.examples.server.etcd;

import io.grpc.stub.StreamObserver;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Outcome;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.Result;
import io.loggos.examples.etcd.proto.CompactionRequest;
import io.loggos.examples.etcd.proto.CompactionResponse;
import io.loggos.examples.etcd.proto.DeleteRangeRequest;
import io.loggos.examples.etcd.proto.DeleteRangeResponse;
import io.loggos.examples.etcd.proto.KVGrpc;
import io.loggos.examples.etcd.proto.PutRequest;
import io.loggos.examples.etcd.proto.PutResponse;
import io.loggos.examples.etcd.proto.RangeRequest;
import io.loggos.examples.etcd.proto.RangeResponse;
import io.loggos.examples.etcd.proto.TxnRequest;
import io.loggos.examples.etcd.proto.TxnResponse;
import io.loggos.examples.server.call.Answers;
import io.loggos.examples.server.call.Callers;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/** etcd's KV service on a replicated store. No method waits. */
public final class KvService extends KVGrpc.KVImplBase {
    private final Callers callers;
    private final Headers headers;
    private final Answers answers;
    private final int maxRequestBytes;

    /**
     * Creates the service.
     *
     * @param maxRequestBytes the size of the largest request that changes the store
     */
    public KvService(Callers callers, Headers headers, Answers answers, int maxRequestBytes) {
        this.maxRequestBytes = maxRequestBytes;
        this.callers = callers;
        this.headers = headers;
        this.answers = answers;
    }

    @Override
    public void range(RangeRequest request, StreamObserver<RangeResponse> client) {
        KeyValueStore store = callers.store();
        Supplier<CompletableFuture<Result<Outcome.Range>>> ask = () -> {
            RequestChecks.range(request);
            Consistency consistency = request.getSerializable() ? Consistency.LOCAL : Consistency.LINEARIZABLE;
            return store.range(consistency, Requests.range(request));
        };
        Function<Result<Outcome.Range>, RangeResponse> answer =
                result -> Responses.range(headers.at(result.value().revision()), result.value());
        if (RequestChecks.mayAnswerMuch(request)) {
            answers.laterLargeRead(client, ask, answer);
        } else {
            answers.later(client, ask, answer);
        }
    }

    @Override
    public void put(PutRequest request, StreamObserver<PutResponse> client) {
        KeyValueStore store = callers.store();
        answers.later(
                client,
                () -> {
                    RequestChecks.put(request);
                    RequestChecks.size(request.getSerializedSize(), maxRequestBytes);
                    return store.put(Requests.put(request));
                },
                result -> Responses.put(headers.at(result.value().revision()), result.value()));
    }

    @Override
    public void deleteRange(DeleteRangeRequest request, StreamObserver<DeleteRangeResponse> client) {
        KeyValueStore store = callers.store();
        Supplier<CompletableFuture<Result<Outcome.Delete>>> ask = () -> {
            RequestChecks.delete(request);
            RequestChecks.size(request.getSerializedSize(), maxRequestBytes);
            return store.delete(Requests.delete(request));
        };
        Function<Result<Outcome.Delete>, DeleteRangeResponse> answer =
                result -> Responses.delete(headers.at(result.value().revision()), result.value());
        if (RequestChecks.mayAnswerMuch(request)) {
            answers.laterLargeWrite(client, ask, answer);
        } else {
            answers.later(client, ask, answer);
        }
    }

    @Override
    public void txn(TxnRequest request, StreamObserver<TxnResponse> client) {
        KeyValueStore store = callers.store();
        Supplier<CompletableFuture<Result<Outcome.Transaction>>> ask = () -> {
            RequestChecks.transaction(request);
            RequestChecks.size(request.getSerializedSize(), maxRequestBytes);
            return store.transact(Requests.transaction(request));
        };
        Function<Result<Outcome.Transaction>, TxnResponse> answer =
                result -> Responses.transaction(headers.at(result.value().revision()), result.value());
        if (!RequestChecks.mayAnswerMuch(request)) {
            answers.later(client, ask, answer);
        } else if (RequestChecks.isReadOnly(request)) {
            answers.laterLargeRead(client, ask, answer);
        } else {
            answers.laterLargeWrite(client, ask, answer);
        }
    }

    /** Answers once the compaction is applied; if it is physical, once this member has deleted what was compacted. */
    @Override
    public void compact(CompactionRequest request, StreamObserver<CompactionResponse> client) {
        KeyValueStore store = callers.store();
        answers.later(
                client,
                () -> {
                    CompletableFuture<Result<Outcome.Compact>> done =
                            store.compact(new Operation.Compact(request.getRevision()));
                    return request.getPhysical()
                            ? done.thenCompose(
                                    result -> store.maintenance().purge().thenApply(purged -> result))
                            : done;
                },
                result -> Responses.compact(headers.at(result.value().revision())));
    }
}
