package io.loggos.examples.server.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.loggos.api.InvalidOptionsException;
import io.loggos.api.kv.access.AccessException;
import io.loggos.api.kv.access.Identity;
import io.loggos.examples.server.auth.AccessOptions.JwtOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JwtTokensTest {
    private static final Identity BOB = new Identity("bob", 7);

    @TempDir
    Path directory;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private Path pem(String name, String kind, Key key) throws Exception {
        String body = Base64.getMimeEncoder().encodeToString(key.getEncoded());
        return Files.writeString(
                directory.resolve(name),
                "-----BEGIN " + kind + " KEY-----\n" + body + "\n-----END " + kind + " KEY-----\n");
    }

    private JwtOptions keys(String algorithm, String method) throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        Path open = pem(method + ".pub", "PUBLIC", pair.getPublic());
        Path secret = pem(method + ".key", "PRIVATE", pair.getPrivate());
        JwtOptions parsed = AccessOptions.parse(
                "jwt,pub-key=" + open + ",priv-key=" + secret + ",sign-method=" + method + ",ttl=10m");
        assertEquals(new JwtOptions(open.toString(), secret.toString(), method, Duration.ofMinutes(10)), parsed);
        return parsed;
    }

    private JwtTokens open(JwtOptions options) {
        return JwtTokens.open(options, () -> now);
    }

    @Test
    void tokensOfEachKindOfKeyAreOfTheirUserUntilTheyEnd() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "a secret of at least thirty-two bytes, all told");
        for (JwtOptions options : new JwtOptions[] {
            keys("RSA", "RS256"),
            keys("RSA", "PS384"),
            keys("EC", "ES256"),
            AccessOptions.parse("jwt,priv-key=" + secret + ",sign-method=HS256,ttl=600s")
        }) {
            JwtTokens tokens = open(options);
            String token = tokens.issue(BOB).join();
            assertEquals(BOB, tokens.read(token));
            assertNull(tokens.read(token.substring(0, token.length() - 4) + "AAAA"));
            assertNull(tokens.read("nonsense"));
            now = now.plusSeconds(599);
            assertEquals(BOB, tokens.read(token));
            now = now.plusSeconds(1);
            assertNull(tokens.read(token));
        }
    }

    @Test
    void aTokenCannotChooseItsAlgorithm() throws Exception {
        JwtOptions options = keys("RSA", "RS256");
        JwtTokens tokens = open(options);
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .claim("username", "root")
                .claim("revision", 7)
                .expirationTime(Date.from(now.plusSeconds(100)))
                .build();
        assertNull(tokens.read(new PlainJWT(claims).serialize()));
        SignedJWT confused = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        confused.sign(new MACSigner(Files.readAllBytes(Path.of(String.valueOf(options.publicKeyFile())))));
        assertNull(tokens.read(confused.serialize()));
        assertNull(open(keys("RSA", "RS256")).read(tokens.issue(BOB).join()));
    }

    @Test
    void aMemberWithoutAPrivateKeyReadsTokensAndIssuesNone() throws Exception {
        JwtOptions options = keys("RSA", "RS256");
        JwtTokens reader = open(new JwtOptions(options.publicKeyFile(), null, "RS256", Duration.ofMinutes(1)));
        assertEquals(BOB, reader.read(open(options).issue(BOB).join()));
        CompletionException refused =
                assertThrows(CompletionException.class, () -> reader.issue(BOB).join());
        assertInstanceOf(AccessException.class, refused.getCause());
    }

    @Test
    void keysThatDoNotFitAreNamed() throws Exception {
        JwtOptions rsa = keys("RSA", "RS256");
        for (JwtOptions wrong : new JwtOptions[] {
            new JwtOptions(rsa.publicKeyFile(), rsa.privateKeyFile(), "ES256", rsa.ttl()),
            new JwtOptions(rsa.publicKeyFile(), rsa.privateKeyFile(), "none", rsa.ttl()),
            new JwtOptions(null, rsa.privateKeyFile(), "RS256", rsa.ttl()),
            new JwtOptions("nowhere", rsa.privateKeyFile(), "RS256", rsa.ttl())
        }) {
            assertThrows(InvalidOptionsException.class, () -> JwtTokens.open(wrong));
        }
    }

    @Test
    void specificationsAreChecked() {
        assertNull(AccessOptions.parse("simple"));
        for (String wrong : new String[] {
            "", "simple,ttl=5m", "paper", "jwt", "jwt,sign-method", "jwt,sign-method=RS256,ttl=soon", "jwt,size=3"
        }) {
            assertThrows(IllegalArgumentException.class, () -> AccessOptions.parse(wrong), wrong);
        }
        assertThrows(IllegalArgumentException.class, () -> new AccessOptions(null, Duration.ofMinutes(5), 3));
    }
}
