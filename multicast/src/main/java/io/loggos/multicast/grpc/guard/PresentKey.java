package io.loggos.multicast.grpc.guard;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Gives each handshake the certificate and key that are in the files when it begins. */
final class PresentKey extends X509ExtendedKeyManager {
    private final CertificateFiles files;

    PresentKey(CertificateFiles files) {
        this.files = files;
    }

    /** Names the version of the files, so that a handshake has certificate and key of one version. */
    private @Nullable String alias() {
        CertificateFiles.Material present = files.present();
        return present.key() == null ? null : Long.toString(present.version());
    }

    private CertificateFiles.@Nullable Material of(String alias) {
        try {
            return files.version(Long.parseLong(alias));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        CertificateFiles.Material material = of(alias);
        return material == null ? null : material.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        CertificateFiles.Material material = of(alias);
        return material == null ? null : material.key();
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias();
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias();
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias();
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias();
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = alias();
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return getClientAliases(keyType, issuers);
    }
}
