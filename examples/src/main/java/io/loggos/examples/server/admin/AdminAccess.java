package io.loggos.examples.server.admin;

import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.loggos.api.Bytes;
import io.loggos.multicast.grpc.guard.CertificateNames;
import io.loggos.multicast.grpc.guard.OccasionalLog;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Decides who may ask for status and snapshots.
 *
 * <p>Clients with certain names in their certificates may, and bearers of a secret over TLS or from this machine. If
 * neither is configured, clients on this machine may.
 */
public final class AdminAccess implements ServerInterceptor {
    /** The header with the secret: {@code Bearer} and the secret. */
    public static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private static final String BEARER = "Bearer ";

    private final Set<String> names;
    private final @Nullable Bytes secret;
    private final OccasionalLog log = new OccasionalLog(LoggerFactory.getLogger(AdminAccess.class));

    /**
     * Creates the rule of a server.
     *
     * @param names names in certificates, in lower case
     * @param secret printable ASCII; null for none
     */
    public AdminAccess(Set<String> names, @Nullable Bytes secret) {
        this.names = Set.copyOf(names);
        this.secret = secret;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        SocketAddress from = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        boolean local = from instanceof InetSocketAddress address
                && address.getAddress().isLoopbackAddress();
        boolean anyLocal = names.isEmpty() && secret == null;
        boolean allowed = anyLocal ? local : hasName(session) || ((local || session != null) && hasSecret(headers));
        if (allowed) {
            return next.startCall(call, headers);
        }
        log.warn("a call of " + call.getMethodDescriptor().getFullMethodName() + " from " + from + " is refused");
        call.close(
                Status.PERMISSION_DENIED.withDescription(
                        anyLocal
                                ? "status and snapshots are for clients on the server's machine, unless it has"
                                        + " --admin-cert-name or --admin-secret-file"
                                : "this client may not ask for status and snapshots"),
                new Metadata());
        return new ServerCall.Listener<>() {};
    }

    private boolean hasName(@Nullable SSLSession session) {
        if (session == null || names.isEmpty()) {
            return false;
        }
        try {
            List<String> shown = session.getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? CertificateNames.of(certificate)
                    : List.of();
            return shown.stream().anyMatch(names::contains);
        } catch (SSLPeerUnverifiedException e) {
            return false;
        }
    }

    private boolean hasSecret(Metadata headers) {
        String header = headers.get(AUTHORIZATION);
        return secret != null
                && header != null
                && header.startsWith(BEARER)
                && MessageDigest.isEqual(
                        header.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8), secret.toByteArray());
    }
}
