package io.loggos.examples.server.auth;

import com.google.protobuf.ByteString;
import io.loggos.examples.etcd.proto.PutRequest;
import io.loggos.examples.etcd.proto.RangeRequest;

/** Requests of a conversation. */
final class AuthRequests {
    private AuthRequests() {}

    static RangeRequest rangeOf(String key, String end) {
        return RangeRequest.newBuilder()
                .setKey(bytes(key))
                .setRangeEnd(bytes(end))
                .build();
    }

    static PutRequest.Builder putOf(String key, String value) {
        return PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value));
    }

    static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
