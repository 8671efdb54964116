package io.loggos.examples.server.etcd;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.loggos.examples.etcd.proto.Compare;
import io.loggos.examples.etcd.proto.DeleteRangeRequest;
import io.loggos.examples.etcd.proto.PutRequest;
import io.loggos.examples.etcd.proto.RangeRequest;
import io.loggos.examples.etcd.proto.RequestOp;
import io.loggos.examples.etcd.proto.TxnRequest;
import io.loggos.examples.server.call.EtcdErrors;
import java.util.stream.Stream;

/**
 * Checks the form of a request, as etcd does, where the error depends on the form rather than on the operation. The
 * store makes all other checks, such as the one for a key that is put twice in a transaction.
 */
public final class RequestChecks {
    /** etcd's default: 1.5 MiB. */
    public static final int USUAL_MAX_REQUEST_BYTES = 3 << 19;

    private RequestChecks() {}

    static void size(int requestBytes, int most) {
        require(requestBytes <= most, EtcdErrors.REQUEST_TOO_LARGE);
    }

    static void range(RangeRequest request) {
        require(!request.getKey().isEmpty(), EtcdErrors.EMPTY_KEY);
        require(
                request.getSortOrder() != RangeRequest.SortOrder.UNRECOGNIZED
                        && request.getSortTarget() != RangeRequest.SortTarget.UNRECOGNIZED,
                EtcdErrors.INVALID_SORT);
    }

    static void put(PutRequest request) {
        require(!request.getKey().isEmpty(), EtcdErrors.EMPTY_KEY);
        require(!request.getIgnoreValue() || request.getValue().isEmpty(), EtcdErrors.VALUE_PROVIDED);
        require(!request.getIgnoreLease() || request.getLease() == 0, EtcdErrors.LEASE_PROVIDED);
    }

    static void delete(DeleteRangeRequest request) {
        require(!request.getKey().isEmpty(), EtcdErrors.EMPTY_KEY);
    }

    static void transaction(TxnRequest request) {
        for (Compare compare : request.getCompareList()) {
            require(!compare.getKey().isEmpty(), EtcdErrors.EMPTY_KEY);
        }
        request.getSuccessList().forEach(RequestChecks::operation);
        request.getFailureList().forEach(RequestChecks::operation);
    }

    /** True if the answer may have many keys. */
    static boolean mayAnswerMuch(RangeRequest request) {
        return isRange(request.getKey(), request.getRangeEnd());
    }

    /** True if the answer may have many keys. */
    static boolean mayAnswerMuch(DeleteRangeRequest request) {
        return request.getPrevKv() && isRange(request.getKey(), request.getRangeEnd());
    }

    /** True if the answer may have many keys. */
    static boolean mayAnswerMuch(TxnRequest request) {
        return operations(request).anyMatch(operation -> switch (operation.getRequestCase()) {
            case REQUEST_RANGE -> mayAnswerMuch(operation.getRequestRange());
            case REQUEST_DELETE_RANGE -> mayAnswerMuch(operation.getRequestDeleteRange());
            case REQUEST_TXN -> mayAnswerMuch(operation.getRequestTxn());
            default -> false;
        });
    }

    /** True if the transaction cannot change anything. */
    static boolean isReadOnly(TxnRequest request) {
        return operations(request)
                .allMatch(operation -> operation.hasRequestRange()
                        || (operation.hasRequestTxn() && isReadOnly(operation.getRequestTxn())));
    }

    private static Stream<RequestOp> operations(TxnRequest request) {
        return Stream.concat(request.getSuccessList().stream(), request.getFailureList().stream());
    }

    private static boolean isRange(ByteString key, ByteString end) {
        return !end.isEmpty() && !Requests.keys(key, end).isSingle();
    }

    private static void operation(RequestOp operation) {
        switch (operation.getRequestCase()) {
            case REQUEST_RANGE -> range(operation.getRequestRange());
            case REQUEST_PUT -> put(operation.getRequestPut());
            case REQUEST_DELETE_RANGE -> delete(operation.getRequestDeleteRange());
            case REQUEST_TXN -> transaction(operation.getRequestTxn());
            case REQUEST_NOT_SET -> throw EtcdErrors.KEY_NOT_FOUND.asRuntimeException();
        }
    }

    private static void require(boolean holds, Status otherwise) {
        if (!holds) {
            throw otherwise.asRuntimeException();
        }
    }
}
