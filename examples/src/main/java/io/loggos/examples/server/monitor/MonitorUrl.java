package io.loggos.examples.server.monitor;

import io.loggos.api.Address;
import io.loggos.api.InvalidOptionsException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * An address for measurements and health.
 *
 * @param tls true for HTTPS, with the certificate that clients see
 * @param address port 0 requests a free one
 */
public record MonitorUrl(boolean tls, Address address) {
    private static final String PLAIN = "http://";
    private static final String TLS = "https://";

    /**
     * Parses {@code http://host:port} or {@code https://host:port}; several are divided by commas.
     *
     * @throws IllegalArgumentException if one has another form
     */
    public static List<MonitorUrl> parseAll(String text) {
        return text.isBlank()
                ? List.of()
                : Stream.of(text.split(",", -1)).map(url -> parse(url.strip())).toList();
    }

    private static MonitorUrl parse(String url) {
        boolean tls = url.startsWith(TLS);
        if (!tls && !url.startsWith(PLAIN)) {
            throw new IllegalArgumentException("not http://host:port or https://host:port: \"" + url + "\"");
        }
        String rest = url.substring(tls ? TLS.length() : PLAIN.length());
        return new MonitorUrl(tls, Address.parse(rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest));
    }

    /**
     * Refuses plaintext beyond this machine, and TLS without a certificate.
     *
     * @throws InvalidOptionsException if it is refused
     */
    public void check(boolean hasCertificate, boolean trustedNetwork) {
        InetSocketAddress socket = new InetSocketAddress(address.host(), address.port());
        if (tls && !hasCertificate) {
            throw problem(this + " needs --cert-file and --key-file");
        }
        if (!tls
                && !trustedNetwork
                && !socket.isUnresolved()
                && !socket.getAddress().isLoopbackAddress()) {
            throw problem(this + " would show measurements in plaintext beyond this machine: say https, or"
                    + " --trusted-network");
        }
    }

    private static InvalidOptionsException problem(String text) {
        return new InvalidOptionsException(List.of("listen-metrics-urls: " + text));
    }

    @Override
    public String toString() {
        return (tls ? TLS : PLAIN) + address;
    }
}
