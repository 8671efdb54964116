package io.loggos.examples.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.loggos.api.InvalidOptionsException;
import io.loggos.api.kv.access.AccessException;
import io.loggos.api.kv.access.AccessException.Reason;
import io.loggos.api.kv.access.Identity;
import io.loggos.examples.server.auth.AccessOptions.JwtOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Signed tokens (RFC 7519), with the claims of etcd: the user, and the revision of the rules. Members share the keys and
 * nothing else. A token ends with its time, and with the next change of the rules.
 */
final class JwtTokens implements Tokens {
    private static final String USER = "username";
    private static final String REVISION = "revision";

    private final JWSAlgorithm algorithm;
    private final @Nullable JWSSigner signer;
    private final JWSVerifier verifier;
    private final Duration ttl;
    private final Supplier<Instant> now;

    private JwtTokens(
            JWSAlgorithm algorithm,
            @Nullable JWSSigner signer,
            JWSVerifier verifier,
            Duration ttl,
            Supplier<Instant> now) {
        this.algorithm = algorithm;
        this.signer = signer;
        this.verifier = verifier;
        this.ttl = ttl;
        this.now = now;
    }

    /**
     * Reads the keys.
     *
     * @throws InvalidOptionsException if they cannot be used
     */
    static JwtTokens open(JwtOptions options) {
        return open(options, Instant::now);
    }

    static JwtTokens open(JwtOptions options, Supplier<Instant> now) {
        JWSAlgorithm algorithm = JWSAlgorithm.parse(options.method());
        String publicKey = options.publicKeyFile();
        String privateKey = options.privateKeyFile();
        try {
            JWSSigner signer;
            JWSVerifier verifier;
            if (JWSAlgorithm.Family.HMAC_SHA.contains(algorithm)) {
                byte[] secret = Files.readAllBytes(Path.of(needed(privateKey)));
                signer = new MACSigner(secret);
                verifier = new MACVerifier(secret);
            } else if (JWSAlgorithm.Family.RSA.contains(algorithm)) {
                KeyFactory keys = KeyFactory.getInstance("RSA");
                verifier = new RSASSAVerifier((RSAPublicKey) publicKey(keys, publicKey));
                signer = privateKey == null ? null : new RSASSASigner(privateKey(keys, privateKey));
            } else if (JWSAlgorithm.Family.EC.contains(algorithm)) {
                KeyFactory keys = KeyFactory.getInstance("EC");
                verifier = new ECDSAVerifier((ECPublicKey) publicKey(keys, publicKey));
                signer = privateKey == null ? null : new ECDSASigner((ECPrivateKey) privateKey(keys, privateKey));
            } else {
                throw problem("sign-method is RS256, PS256, ES256, HS256 or the like, not " + options.method());
            }
            if (!verifier.supportedJWSAlgorithms().contains(algorithm)) {
                throw problem("these keys are not for " + algorithm);
            }
            return new JwtTokens(algorithm, signer, verifier, options.ttl(), now);
        } catch (IOException | GeneralSecurityException | JOSEException | IllegalArgumentException e) {
            throw problem("cannot use the keys of tokens: " + e);
        }
    }

    private static String needed(@Nullable String file) {
        if (file == null) {
            throw problem("jwt needs pub-key= and priv-key=; with an HMAC priv-key= alone");
        }
        return file;
    }

    private static PublicKey publicKey(KeyFactory keys, @Nullable String file)
            throws IOException, GeneralSecurityException {
        return keys.generatePublic(new X509EncodedKeySpec(pem(needed(file))));
    }

    private static PrivateKey privateKey(KeyFactory keys, String file) throws IOException, GeneralSecurityException {
        return keys.generatePrivate(new PKCS8EncodedKeySpec(pem(file)));
    }

    private static byte[] pem(String file) throws IOException {
        String text = Files.readString(Path.of(file), StandardCharsets.US_ASCII);
        String body = text.replaceAll("-----(BEGIN|END) (PUBLIC|PRIVATE) KEY-----", "")
                .replaceAll("\\s", "");
        return Base64.getDecoder().decode(body);
    }

    private static InvalidOptionsException problem(String text) {
        return new InvalidOptionsException(List.of("auth-token: " + text));
    }

    @Override
    public CompletableFuture<String> issue(Identity recognized) {
        JWSSigner signs = signer;
        if (signs == null) {
            return CompletableFuture.failedFuture(
                    new AccessException(Reason.AUTHENTICATION_FAILED, "this member has no key to sign tokens with"));
        }
        SignedJWT token = new SignedJWT(
                new JWSHeader(algorithm),
                new JWTClaimsSet.Builder()
                        .claim(USER, recognized.user())
                        .claim(REVISION, recognized.revision())
                        .expirationTime(Date.from(now.get().plus(ttl)))
                        .build());
        try {
            token.sign(signs);
            return CompletableFuture.completedFuture(token.serialize());
        } catch (JOSEException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public @Nullable Identity read(String text) {
        try {
            SignedJWT token = SignedJWT.parse(text);
            // The algorithm is the configured one, whatever the token says of itself.
            if (!token.getHeader().getAlgorithm().equals(algorithm) || !token.verify(verifier)) {
                return null;
            }
            JWTClaimsSet claims = token.getJWTClaimsSet();
            Date end = claims.getExpirationTime();
            String user = claims.getStringClaim(USER);
            Long revision = claims.getLongClaim(REVISION);
            if (end == null || user == null || revision == null || !now.get().isBefore(end.toInstant())) {
                return null;
            }
            return new Identity(user, revision);
        } catch (ParseException | JOSEException | IllegalArgumentException malformed) {
            return null;
        }
    }
}
