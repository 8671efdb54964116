package io.loggos.examples.server.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.loggos.api.Bytes;
import io.loggos.api.kv.Outcome;
import io.loggos.examples.etcd.proto.CompactionResponse;
import io.loggos.examples.etcd.proto.DeleteRangeResponse;
import io.loggos.examples.etcd.proto.KeyValue;
import io.loggos.examples.etcd.proto.PutResponse;
import io.loggos.examples.etcd.proto.RangeResponse;
import io.loggos.examples.etcd.proto.ResponseHeader;
import io.loggos.examples.etcd.proto.ResponseOp;
import io.loggos.examples.etcd.proto.TxnResponse;

/**
 * Translates outcomes of the store into answers of the etcd protocol. As in etcd, an answer inside a transaction has
 * only the revision in its header, and a nested transaction has not even that.
 */
public final class Responses {
    private Responses() {}

    static RangeResponse range(ResponseHeader header, Outcome.Range outcome) {
        RangeResponse.Builder response = RangeResponse.newBuilder()
                .setHeader(header)
                .setMore(outcome.more())
                .setCount(outcome.count());
        outcome.keyValues().forEach(kv -> response.addKvs(keyValue(kv)));
        return response.build();
    }

    static PutResponse put(ResponseHeader header, Outcome.Put outcome) {
        PutResponse.Builder response = PutResponse.newBuilder().setHeader(header);
        io.loggos.api.kv.KeyValue previous = outcome.previous();
        if (previous != null) {
            response.setPrevKv(keyValue(previous));
        }
        return response.build();
    }

    static DeleteRangeResponse delete(ResponseHeader header, Outcome.Delete outcome) {
        DeleteRangeResponse.Builder response =
                DeleteRangeResponse.newBuilder().setHeader(header).setDeleted(outcome.deleted());
        outcome.previous().forEach(kv -> response.addPrevKvs(keyValue(kv)));
        return response.build();
    }

    static TxnResponse transaction(ResponseHeader header, Outcome.Transaction outcome) {
        TxnResponse.Builder response =
                TxnResponse.newBuilder().setHeader(header).setSucceeded(outcome.succeeded());
        outcome.outcomes().forEach(inner -> response.addResponses(inner(inner)));
        return response.build();
    }

    static CompactionResponse compact(ResponseHeader header) {
        return CompactionResponse.newBuilder().setHeader(header).build();
    }

    private static ResponseOp inner(Outcome outcome) {
        ResponseHeader header =
                ResponseHeader.newBuilder().setRevision(outcome.revision()).build();
        ResponseOp.Builder response = ResponseOp.newBuilder();
        if (outcome instanceof Outcome.Range range) {
            response.setResponseRange(range(header, range));
        } else if (outcome instanceof Outcome.Put put) {
            response.setResponsePut(put(header, put));
        } else if (outcome instanceof Outcome.Delete delete) {
            response.setResponseDeleteRange(delete(header, delete));
        } else if (outcome instanceof Outcome.Transaction transaction) {
            response.setResponseTxn(transaction(ResponseHeader.getDefaultInstance(), transaction));
        } else {
            throw new IllegalStateException("a transaction does not answer " + outcome);
        }
        return response.build();
    }

    /** Translates a key at a revision. */
    public static KeyValue keyValue(io.loggos.api.kv.KeyValue kv) {
        return KeyValue.newBuilder()
                .setKey(byteString(kv.key()))
                .setCreateRevision(kv.createRevision())
                .setModRevision(kv.modRevision())
                .setVersion(kv.version())
                .setLease(kv.lease())
                .setValue(byteString(kv.value()))
                .build();
    }

    /** Shares the bytes without a copy: neither side ever changes them. */
    private static ByteString byteString(Bytes bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes.backingArray(), bytes.backingOffset(), bytes.size());
    }
}
