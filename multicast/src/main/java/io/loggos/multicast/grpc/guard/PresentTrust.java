package io.loggos.multicast.grpc.guard;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Trusts the authorities that are in the file when a handshake begins, and then asks a rule for the name. */
final class PresentTrust extends X509ExtendedTrustManager {
    private final CertificateFiles files;
    /** Returns what is wrong with a certificate that an authority has signed, or null. */
    private final Function<X509Certificate, @Nullable String> rule;

    PresentTrust(CertificateFiles files, Function<X509Certificate, @Nullable String> rule) {
        this.files = files;
        this.rule = rule;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        files.present().trust().checkClientTrusted(chain, authType);
        checkName(chain[0]);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        files.present().trust().checkServerTrusted(chain, authType);
        checkName(chain[0]);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return files.present().trust().getAcceptedIssuers();
    }

    private void checkName(X509Certificate certificate) throws CertificateException {
        String wrong = rule.apply(certificate);
        if (wrong != null) {
            throw new CertificateException(wrong);
        }
    }
}
