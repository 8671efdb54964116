package io.loggos.multicast.grpc.guard;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolNames;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.loggos.api.InvalidOptionsException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** TLS 1.3 over certificates in files. */
public final class TlsContexts {
    private static final String VERSION = "TLSv1.3";

    private TlsContexts() {}

    /**
     * TLS for an end that accepts connections.
     *
     * @param asks true if a client must show a certificate
     * @param rule returns what is wrong with a client's certificate that an authority has signed, or null
     */
    public static SslContext accepting(
            CertificateFiles files, boolean asks, Function<X509Certificate, @Nullable String> rule) {
        return build(SslContextBuilder.forServer(new PresentKey(files))
                .trustManager(new PresentTrust(files, rule))
                .clientAuth(asks ? ClientAuth.REQUIRE : ClientAuth.NONE));
    }

    /**
     * TLS for an end that accepts connections of HTTP/1.1 on a port of gRPC.
     *
     * @param asks true if a client must show a certificate
     */
    public static SslContext acceptingHttp(CertificateFiles files, boolean asks) {
        ApplicationProtocolConfig protocols = new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocolNames.HTTP_1_1);
        try {
            return SslContextBuilder.forServer(new PresentKey(files))
                    .trustManager(new PresentTrust(files, certificate -> null))
                    .clientAuth(asks ? ClientAuth.REQUIRE : ClientAuth.NONE)
                    .applicationProtocolConfig(protocols)
                    .protocols(VERSION)
                    .build();
        } catch (SSLException | IllegalArgumentException e) {
            throw unusable(e);
        }
    }

    /**
     * TLS for an end that accepts connections without gRPC.
     *
     * @throws InvalidOptionsException if this Java cannot do it
     */
    public static SSLContext accepting(CertificateFiles files) {
        try {
            SSLContext context = SSLContext.getInstance(VERSION);
            context.init(
                    new KeyManager[] {new PresentKey(files)},
                    new TrustManager[] {new PresentTrust(files, certificate -> null)},
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw unusable(e);
        }
    }

    /**
     * TLS for an end that opens connections.
     *
     * @param rule returns what is wrong with the other end's certificate that an authority has signed, or null
     */
    public static SslContext dialling(CertificateFiles files, Function<X509Certificate, @Nullable String> rule) {
        SslContextBuilder builder = SslContextBuilder.forClient().trustManager(new PresentTrust(files, rule));
        return build(files.certificate() == null ? builder : builder.keyManager(new PresentKey(files)));
    }

    private static SslContext build(SslContextBuilder builder) {
        try {
            return GrpcSslContexts.configure(builder).protocols(VERSION).build();
        } catch (SSLException | IllegalArgumentException e) {
            throw unusable(e);
        }
    }

    private static InvalidOptionsException unusable(Exception e) {
        return new InvalidOptionsException(List.of("cannot use TLS: " + e.getMessage()));
    }
}
