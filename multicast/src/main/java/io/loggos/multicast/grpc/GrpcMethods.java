package io.loggos.multicast.grpc;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.multicast.core.SharedSecret;
import io.loggos.multicast.core.SharedSecret.Label;
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

    private static final Metadata.Key<byte[]> CHALLENGE = binary("loggos-challenge-bin");
    private static final Metadata.Key<byte[]> NONCE = binary("loggos-nonce-bin");
    private static final Metadata.Key<byte[]> PROOF = binary("loggos-proof-bin");

    /** The nonce of a server; empty if the headers have none. */
    static Bytes challenge(Metadata headers) {
        return bytes(headers, CHALLENGE);
    }

    /** The headers that challenge the sender of a request. */
    static Metadata challenge(Bytes nonce) {
        Metadata headers = new Metadata();
        headers.put(CHALLENGE, nonce.toByteArray());
        return headers;
    }

    /** The proof in the headers of an answer; empty if they have none. */
    static Bytes proof(Metadata headers) {
        return bytes(headers, PROOF);
    }

    /** The headers of an answer. */
    static Metadata answer(Bytes proof) {
        Metadata headers = new Metadata();
        if (!proof.isEmpty()) {
            headers.put(PROOF, proof.toByteArray());
        }
        return headers;
    }

    private static Bytes bytes(Metadata headers, Metadata.Key<byte[]> key) {
        byte[] value = headers.get(key);
        return value == null ? Bytes.EMPTY : Bytes.wrap(value);
    }

    private static Metadata.Key<byte[]> binary(String name) {
        return Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER);
    }

    /**
     * Sender and receiver of a bulk request. A bulk request has no handshake, so each one names them.
     *
     * @param challenge the receiver's nonce; empty if there is no secret
     * @param nonce the sender's nonce
     * @param proof proves the rest
     */
    record Caller(String clusterId, String from, String to, Bytes challenge, Bytes nonce, Bytes proof) {
        static Caller of(String clusterId, String from, NodeId to) {
            return new Caller(clusterId, from, to.toString(), Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY);
        }

        static Caller of(Metadata headers) {
            byte[] cluster = headers.get(CLUSTER);
            String from = headers.get(FROM);
            String to = headers.get(TO);
            return new Caller(
                    cluster == null ? "" : new String(cluster, StandardCharsets.UTF_8),
                    from == null ? "" : from,
                    to == null ? "" : to,
                    bytes(headers, CHALLENGE),
                    bytes(headers, NONCE),
                    bytes(headers, PROOF));
        }

        /** Returns these headers with a proof that answers a challenge. */
        Caller proved(SharedSecret secret, Bytes newChallenge) {
            Caller bare = new Caller(clusterId, from, to, newChallenge, secret.nonce(), Bytes.EMPTY);
            return new Caller(
                    clusterId, from, to, newChallenge, bare.nonce, secret.own().prove(Label.BULK_REQUEST, bare.said()));
        }

        /** Returns the parts that the proofs of both ends are about. */
        Bytes[] said() {
            return new Bytes[] {Bytes.utf8(clusterId), Bytes.utf8(from), Bytes.utf8(to), challenge, nonce};
        }

        Metadata toHeaders() {
            Metadata headers = new Metadata();
            headers.put(CLUSTER, clusterId.getBytes(StandardCharsets.UTF_8));
            headers.put(FROM, from);
            headers.put(TO, to);
            if (!proof.isEmpty()) {
                headers.put(CHALLENGE, challenge.toByteArray());
                headers.put(NONCE, nonce.toByteArray());
                headers.put(PROOF, proof.toByteArray());
            }
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
