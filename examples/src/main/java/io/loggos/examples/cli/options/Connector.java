package io.loggos.examples.cli.options;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.MetadataUtils;
import io.loggos.api.Address;
import io.loggos.examples.server.admin.AdminAccess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Connects to members of a cluster: with or without TLS, and with the secret for operators if there is one. */
public final class Connector {
    /** Plaintext, without a secret. */
    public static final Connector PLAIN = new Connector(null, null);

    private final @Nullable SslContext tls;
    private final @Nullable String secret;

    private Connector(@Nullable SslContext tls, @Nullable String secret) {
        this.tls = tls;
        this.secret = secret;
    }

    static Connector of(
            @Nullable Path trustedCaFile,
            @Nullable Path certFile,
            @Nullable Path keyFile,
            @Nullable Path adminSecretFile) {
        if (trustedCaFile == null && (certFile != null || keyFile != null)) {
            throw new BadUsageException("--cert and --key need --cacert");
        }
        if ((certFile == null) != (keyFile == null)) {
            throw new BadUsageException("--cert and --key belong together");
        }
        try {
            String secret = adminSecretFile == null
                    ? null
                    : Files.readString(adminSecretFile).strip();
            return new Connector(trustedCaFile == null ? null : tls(trustedCaFile, certFile, keyFile), secret);
        } catch (IOException | IllegalArgumentException e) {
            throw new BadUsageException(List.of("cannot use the certificates or the secret: " + e.getMessage()));
        }
    }

    private static SslContext tls(Path trustedCaFile, @Nullable Path certFile, @Nullable Path keyFile)
            throws SSLException {
        SslContextBuilder builder = GrpcSslContexts.forClient().trustManager(trustedCaFile.toFile());
        if (certFile != null && keyFile != null) {
            builder.keyManager(certFile.toFile(), keyFile.toFile());
        }
        return builder.build();
    }

    /** Creates a channel to a member. */
    public ManagedChannel connect(Address endpoint) {
        NettyChannelBuilder builder =
                NettyChannelBuilder.forAddress(new InetSocketAddress(endpoint.host(), endpoint.port()));
        if (tls == null) {
            builder.usePlaintext();
        } else {
            builder.sslContext(tls).overrideAuthority(endpoint.toString());
        }
        if (secret != null) {
            Metadata headers = new Metadata();
            headers.put(AdminAccess.AUTHORIZATION, "Bearer " + secret);
            builder.intercept(MetadataUtils.newAttachHeadersInterceptor(headers));
        }
        return builder.idleTimeout(1, TimeUnit.HOURS).build();
    }
}
