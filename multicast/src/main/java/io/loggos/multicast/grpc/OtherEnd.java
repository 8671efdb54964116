package io.loggos.multicast.grpc;

import io.loggos.api.NodeId;
import io.loggos.api.spi.Transport.Evidence;
import io.loggos.multicast.grpc.guard.CertificateNames;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * The other end of a connection that was accepted.
 *
 * @param address its address, as far as it is known
 * @param certificate its certificate; null without TLS
 * @param domain what follows the number of a node in the names of this cluster
 */
record OtherEnd(@Nullable SocketAddress address, @Nullable X509Certificate certificate, String domain) {
    Evidence evidence(NodeId node) {
        if (certificate == null) {
            return Evidence.NONE;
        }
        return CertificateNames.isOf(certificate, node, domain) ? Evidence.FOR : Evidence.AGAINST;
    }

    @Override
    public String toString() {
        String text = String.valueOf(address).replaceFirst("^/", "");
        return certificate == null ? text : text + ", certificate of " + CertificateNames.of(certificate);
    }
}
