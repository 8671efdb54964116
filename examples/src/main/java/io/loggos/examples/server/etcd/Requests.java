package io.loggos.examples.server.etcd;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.loggos.api.Bytes;
import io.loggos.api.kv.Compare;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.examples.etcd.proto.DeleteRangeRequest;
import io.loggos.examples.etcd.proto.PutRequest;
import io.loggos.examples.etcd.proto.RangeRequest;
import io.loggos.examples.etcd.proto.RequestOp;
import io.loggos.examples.etcd.proto.TxnRequest;
import io.loggos.examples.server.call.EtcdErrors;
import java.util.List;

/** Translates checked requests of the etcd protocol into operations of the store. */
public final class Requests {
    private Requests() {}

    static Bytes bytes(ByteString bytes) {
        return Bytes.wrap(bytes.toByteArray());
    }

    /** Returns the range of keys. No end means one key; an end of one zero byte means all keys from the first on. */
    public static KeyRange keys(ByteString key, ByteString end) {
        if (end.isEmpty()) {
            return KeyRange.single(bytes(key));
        }
        boolean endless = end.size() == 1 && end.byteAt(0) == 0;
        return endless ? KeyRange.from(bytes(key)) : KeyRange.between(bytes(key), bytes(end));
    }

    static Operation.Range range(RangeRequest request) {
        return new Operation.Range(
                keys(request.getKey(), request.getRangeEnd()),
                Math.max(0, request.getRevision()),
                Math.max(0, request.getLimit()),
                sortTarget(request.getSortTarget()),
                sortOrder(request.getSortOrder()),
                request.getKeysOnly(),
                request.getCountOnly(),
                request.getMinModRevision(),
                request.getMaxModRevision(),
                request.getMinCreateRevision(),
                request.getMaxCreateRevision());
    }

    static Operation.Put put(PutRequest request) {
        return new Operation.Put(
                bytes(request.getKey()),
                bytes(request.getValue()),
                request.getLease(),
                request.getPrevKv(),
                request.getIgnoreValue(),
                request.getIgnoreLease());
    }

    static Operation.Delete delete(DeleteRangeRequest request) {
        return new Operation.Delete(keys(request.getKey(), request.getRangeEnd()), request.getPrevKv());
    }

    static Operation.Transaction transaction(TxnRequest request) {
        return new Operation.Transaction(
                request.getCompareList().stream().map(Requests::compare).toList(),
                operations(request.getSuccessList()),
                operations(request.getFailureList()));
    }

    private static List<Operation> operations(List<RequestOp> branch) {
        return branch.stream().map(Requests::operation).toList();
    }

    private static Operation operation(RequestOp operation) {
        return switch (operation.getRequestCase()) {
            case REQUEST_RANGE -> range(operation.getRequestRange());
            case REQUEST_PUT -> put(operation.getRequestPut());
            case REQUEST_DELETE_RANGE -> delete(operation.getRequestDeleteRange());
            case REQUEST_TXN -> transaction(operation.getRequestTxn());
            case REQUEST_NOT_SET -> throw EtcdErrors.KEY_NOT_FOUND.asRuntimeException();
        };
    }

    private static Compare compare(io.loggos.examples.etcd.proto.Compare compare) {
        Compare.Target target = target(compare);
        return new Compare(
                keys(compare.getKey(), compare.getRangeEnd()),
                target,
                relation(compare),
                number(target, compare),
                target == Compare.Target.VALUE ? bytes(compare.getValue()) : Bytes.EMPTY);
    }

    /**
     * Returns the number that belongs to the target. It is 0, as in etcd, if the request carries a value of another
     * target.
     */
    private static long number(Compare.Target target, io.loggos.examples.etcd.proto.Compare compare) {
        return switch (target) {
            case VERSION -> compare.getVersion();
            case CREATE_REVISION -> compare.getCreateRevision();
            case MOD_REVISION -> compare.getModRevision();
            case LEASE -> compare.getLease();
            case VALUE -> 0;
        };
    }

    private static Compare.Target target(io.loggos.examples.etcd.proto.Compare compare) {
        return switch (compare.getTarget()) {
            case VERSION -> Compare.Target.VERSION;
            case CREATE -> Compare.Target.CREATE_REVISION;
            case MOD -> Compare.Target.MOD_REVISION;
            case VALUE -> Compare.Target.VALUE;
            case LEASE -> Compare.Target.LEASE;
            case UNRECOGNIZED -> throw unknown("compare target", compare.getTargetValue());
        };
    }

    private static Compare.Relation relation(io.loggos.examples.etcd.proto.Compare compare) {
        return switch (compare.getResult()) {
            case EQUAL -> Compare.Relation.EQUAL;
            case GREATER -> Compare.Relation.GREATER;
            case LESS -> Compare.Relation.LESS;
            case NOT_EQUAL -> Compare.Relation.NOT_EQUAL;
            case UNRECOGNIZED -> throw unknown("compare result", compare.getResultValue());
        };
    }

    private static Operation.SortTarget sortTarget(RangeRequest.SortTarget target) {
        return switch (target) {
            case KEY -> Operation.SortTarget.KEY;
            case VERSION -> Operation.SortTarget.VERSION;
            case CREATE -> Operation.SortTarget.CREATE_REVISION;
            case MOD -> Operation.SortTarget.MOD_REVISION;
            case VALUE -> Operation.SortTarget.VALUE;
            case UNRECOGNIZED -> throw EtcdErrors.INVALID_SORT.asRuntimeException();
        };
    }

    private static Operation.SortOrder sortOrder(RangeRequest.SortOrder order) {
        return switch (order) {
            case NONE -> Operation.SortOrder.NONE;
            case ASCEND -> Operation.SortOrder.ASCENDING;
            case DESCEND -> Operation.SortOrder.DESCENDING;
            case UNRECOGNIZED -> throw EtcdErrors.INVALID_SORT.asRuntimeException();
        };
    }

    private static RuntimeException unknown(String what, int number) {
        return Status.INVALID_ARGUMENT
                .withDescription("etcdserver: unknown " + what + " " + number)
                .asRuntimeException();
    }
}
