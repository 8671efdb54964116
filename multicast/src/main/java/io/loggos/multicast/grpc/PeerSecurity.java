package io.loggos.multicast.grpc;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.loggos.api.Address;
import io.loggos.api.InvalidOptionsException;
import io.loggos.api.NodeId;
import io.loggos.api.node.SecurityOptions;
import io.loggos.api.node.TlsOptions;
import io.loggos.multicast.core.SharedSecret;
import io.loggos.multicast.grpc.guard.CertificateFiles;
import io.loggos.multicast.grpc.guard.CertificateNames;
import io.loggos.multicast.grpc.guard.TlsContexts;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Evidence by which the nodes of a cluster know each other: certificates, and the secret for bulk requests. */
final class PeerSecurity {
    private final NodeId self;
    private final @Nullable CertificateFiles files;
    private final @Nullable SharedSecret secret;

    /**
     * Reads the certificates, and checks that strangers are kept out.
     *
     * @throws InvalidOptionsException if a file cannot be used, or strangers could reach this node
     */
    PeerSecurity(NodeId self, Address listen, SecurityOptions options) {
        this.self = self;
        TlsOptions tls = options.tls();
        this.files =
                tls == null ? null : CertificateFiles.open(tls.certificateFile(), tls.keyFile(), tls.trustedCaFile());
        this.secret = options.secrets().isEmpty() ? null : new SharedSecret(options.secrets(), new SecureRandom());
        InetSocketAddress address = new InetSocketAddress(listen.host(), listen.port());
        if (!options.provesPeers()
                && !options.trustedNetwork()
                && !address.isUnresolved()
                && !address.getAddress().isLoopbackAddress()) {
            throw new InvalidOptionsException(List.of("node " + self.value() + " would listen on " + listen
                    + ", beyond this machine, and take anybody for a peer: give it certificates or a secret, or say that"
                    + " the network is trusted (SecurityOptions)"));
        }
        X509Certificate own = files == null ? null : files.certificate();
        if (own != null && CertificateNames.domain(own, self).isEmpty()) {
            String name = "node-" + self.value();
            throw new InvalidOptionsException(List.of("the certificate of node " + self.value() + " names "
                    + CertificateNames.of(own) + ", and not " + name + " or " + name + ".DOMAIN"));
        }
    }

    boolean usesTls() {
        return files != null;
    }

    /** The secret for bulk requests; null if there is none. */
    @Nullable
    SharedSecret secret() {
        return secret;
    }

    /** Lets a server take the connections of nodes of this cluster only; the links and bulk requests say of which. */
    void secure(NettyServerBuilder server) {
        CertificateFiles present = files;
        if (present != null) {
            server.sslContext(TlsContexts.accepting(present, true, this::noNode));
        }
    }

    /** Lets a channel reach this peer and no other node. */
    void secure(NettyChannelBuilder channel, NodeId peer) {
        CertificateFiles present = files;
        if (present == null) {
            channel.usePlaintext();
        } else {
            channel.sslContext(TlsContexts.dialling(present, certificate -> wrongNode(certificate, peer)));
        }
    }

    /** The other end of a call that was accepted. */
    OtherEnd otherEnd(Attributes call) {
        SSLSession session = call.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        X509Certificate certificate = null;
        if (session != null) {
            try {
                Certificate[] chain = session.getPeerCertificates();
                certificate = chain.length > 0 && chain[0] instanceof X509Certificate first ? first : null;
            } catch (SSLPeerUnverifiedException e) {
                // The port asks for certificates, so there is always one.
            }
        }
        return new OtherEnd(call.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR), certificate, domain());
    }

    private String domain() {
        X509Certificate own = files == null ? null : files.certificate();
        return own == null ? "" : CertificateNames.domain(own, self).orElse("");
    }

    private @Nullable String noNode(X509Certificate certificate) {
        return CertificateNames.isOfNode(certificate, domain())
                ? null
                : "the certificate is of " + CertificateNames.of(certificate) + ", and of no node of the cluster of "
                        + self;
    }

    private @Nullable String wrongNode(X509Certificate certificate, NodeId dialled) {
        return CertificateNames.isOf(certificate, dialled, domain())
                ? null
                : "the certificate is of " + CertificateNames.of(certificate) + ", and not of node-" + dialled.value()
                        + domain();
    }
}
