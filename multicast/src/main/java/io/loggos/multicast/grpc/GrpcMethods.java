package io.loggos.multicast.grpc;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The two methods of the protocol between nodes, which carry bytes without reading them. */
final class GrpcMethods {
    static final String LINK_SERVICE = "loggos.Link";
    static final String BULK_SERVICE = "loggos.Bulk";

    /** One connection: frames both ways until an end closes it. */
    static final MethodDescriptor<List<Bytes>, List<Bytes>> CONNECT =
            method(MethodType.BIDI_STREAMING, LINK_SERVICE + "/Connect");

    /** One request and its answer. */
    static final MethodDescriptor<List<Bytes>, List<Bytes>> REQUEST =
            method(MethodType.UNARY, BULK_SERVICE + "/Request");

    /** Size limit of a request and of an answer of {@link #REQUEST}: a chunk of 1 MiB and its description. */
    static final int BULK_LIMIT_BYTES = (1 << 20) + (64 << 10);

    private static final Metadata.Key<byte[]> CLUSTER =
            Metadata.Key.of("loggos-cluster-bin", Metadata.BINARY_BYTE_MARSHALLER);
    private static final Metadata.Key<String> FROM = Metadata.Key.of("loggos-from", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> TO = Metadata.Key.of("loggos-to", Metadata.ASCII_STRING_MARSHALLER);

    private GrpcMethods() {}

    /** Sender and receiver of a bulk request. A bulk request has no handshake, so each one names them. */
    record Caller(String clusterId, String from, String to) {
        static Caller of(String clusterId, NodeId from, NodeId to) {
            return new Caller(clusterId, from.toString(), to.toString());
        }

        static Caller of(Metadata headers) {
            byte[] cluster = headers.get(CLUSTER);
            String from = headers.get(FROM);
            String to = headers.get(TO);
            return new Caller(
                    cluster == null ? "" : new String(cluster, StandardCharsets.UTF_8),
                    from == null ? "" : from,
                    to == null ? "" : to);
        }

        Metadata toHeaders() {
            Metadata headers = new Metadata();
            headers.put(CLUSTER, clusterId.getBytes(StandardCharsets.UTF_8));
            headers.put(FROM, from);
            headers.put(TO, to);
            return headers;
        }
    }

    private static MethodDescriptor<List<Bytes>, List<Bytes>> method(MethodType type, String name) {
        return MethodDescriptor.newBuilder(PiecesMarshaller.INSTANCE, PiecesMarshaller.INSTANCE)
                .setType(type)
                .setFullMethodName(name)
                .build();
    }
}
