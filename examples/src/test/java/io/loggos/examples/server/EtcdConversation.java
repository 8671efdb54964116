package io.loggos.examples.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.loggos.examples.etcd.proto.CompactionRequest;
import io.loggos.examples.etcd.proto.CompactionResponse;
import io.loggos.examples.etcd.proto.Compare;
import io.loggos.examples.etcd.proto.DeleteRangeRequest;
import io.loggos.examples.etcd.proto.DeleteRangeResponse;
import io.loggos.examples.etcd.proto.KVGrpc;
import io.loggos.examples.etcd.proto.PutRequest;
import io.loggos.examples.etcd.proto.PutResponse;
import io.loggos.examples.etcd.proto.RangeRequest;
import io.loggos.examples.etcd.proto.RangeResponse;
import io.loggos.examples.etcd.proto.RequestOp;
import io.loggos.examples.etcd.proto.TxnRequest;
import io.loggos.examples.etcd.proto.TxnResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Sends requests to an etcd or to this server, and records the answers without the parts that differ between clusters.
 */
final class EtcdConversation {
    private static final long DEADLINE_SECONDS = 10;

    private final Channel channel;

    EtcdConversation(Channel channel) {
        this.channel = channel;
    }

    /** Returns the answer as text, or the code and text of the error. */
    String ask(Message request) {
        try {
            return answer(request).toString();
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode() + ": " + e.getStatus().getDescription();
        }
    }

    private Message answer(Message request) {
        KVGrpc.KVBlockingStub kv =
                KVGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
        if (request instanceof RangeRequest range) {
            RangeResponse.Builder response = kv.range(range).toBuilder();
            response.getHeaderBuilder().clearClusterId().clearMemberId().clearRaftTerm();
            return response.build();
        } else if (request instanceof PutRequest put) {
            PutResponse.Builder response = kv.put(put).toBuilder();
            response.getHeaderBuilder().clearClusterId().clearMemberId().clearRaftTerm();
            return response.build();
        } else if (request instanceof DeleteRangeRequest delete) {
            DeleteRangeResponse.Builder response = kv.deleteRange(delete).toBuilder();
            response.getHeaderBuilder().clearClusterId().clearMemberId().clearRaftTerm();
            return response.build();
        } else if (request instanceof TxnRequest txn) {
            TxnResponse.Builder response = kv.txn(txn).toBuilder();
            response.getHeaderBuilder().clearClusterId().clearMemberId().clearRaftTerm();
            return response.build();
        } else if (request instanceof CompactionRequest compaction) {
            CompactionResponse.Builder response = kv.compact(compaction).toBuilder();
            response.getHeaderBuilder().clearClusterId().clearMemberId().clearRaftTerm();
            return response.build();
        }
        throw new IllegalArgumentException("not a request: " + request);
    }

    static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    static PutRequest.Builder put(String key, String value) {
        return PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value));
    }

    static RangeRequest.Builder get(String key) {
        return RangeRequest.newBuilder().setKey(bytes(key));
    }

    static RangeRequest.Builder get(String key, String end) {
        return get(key).setRangeEnd(bytes(end));
    }

    static DeleteRangeRequest.Builder delete(String key) {
        return DeleteRangeRequest.newBuilder().setKey(bytes(key));
    }

    static CompactionRequest compact(long revision) {
        return CompactionRequest.newBuilder().setRevision(revision).build();
    }

    static Compare.Builder compare(String key, Compare.CompareResult result, Compare.CompareTarget target) {
        return Compare.newBuilder().setKey(bytes(key)).setResult(result).setTarget(target);
    }

    static TxnRequest txn(List<Compare> compares, List<? extends Message> then, List<? extends Message> otherwise) {
        TxnRequest.Builder txn = TxnRequest.newBuilder().addAllCompare(compares);
        then.forEach(operation -> txn.addSuccess(operation(operation)));
        otherwise.forEach(operation -> txn.addFailure(operation(operation)));
        return txn.build();
    }

    private static RequestOp operation(Message request) {
        RequestOp.Builder operation = RequestOp.newBuilder();
        if (request instanceof RangeRequest range) {
            operation.setRequestRange(range);
        } else if (request instanceof PutRequest put) {
            operation.setRequestPut(put);
        } else if (request instanceof DeleteRangeRequest delete) {
            operation.setRequestDeleteRange(delete);
        } else if (request instanceof TxnRequest txn) {
            operation.setRequestTxn(txn);
        }
        return operation.build();
    }
}
