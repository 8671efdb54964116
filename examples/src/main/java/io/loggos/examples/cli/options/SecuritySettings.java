package io.loggos.examples.cli.options;

import io.loggos.api.Bytes;
import io.loggos.api.InvalidOptionsException;
import io.loggos.api.node.SecurityOptions;
import io.loggos.api.node.TlsOptions;
import io.loggos.examples.server.ClientSecurity;
import io.loggos.examples.server.auth.AccessOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The settings of a server that keep strangers out: for its peers, and for its clients. */
final class SecuritySettings {
    static final Set<String> NAMES = Set.of(
            "peer-cert-file",
            "peer-key-file",
            "peer-trusted-ca-file",
            "peer-secret-file",
            "trusted-network",
            "cert-file",
            "key-file",
            "trusted-ca-file",
            "client-cert-auth",
            "admin-cert-name",
            "admin-secret-file",
            "auth-token",
            "auth-token-ttl",
            "cors",
            "bcrypt-cost");

    private final Map<String, String> values;

    SecuritySettings(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Returns the options between members.
     *
     * @throws InvalidOptionsException if they do not fit together
     */
    SecurityOptions peers() {
        SecurityOptions.Builder options = SecurityOptions.builder().trustedNetwork(flag("trusted-network"));
        Path certificate = path("peer-cert-file");
        Path key = path("peer-key-file");
        Path authorities = path("peer-trusted-ca-file");
        if (certificate != null && key != null && authorities != null) {
            options.tls(new TlsOptions(certificate, key, authorities));
        } else if (certificate != null || key != null || authorities != null) {
            throw problem("peer-cert-file, peer-key-file and peer-trusted-ca-file belong together");
        }
        Path secrets = path("peer-secret-file");
        if (secrets != null) {
            options.secrets(secretsIn(secrets));
        }
        return options.build();
    }

    /**
     * Returns the options of the port for clients.
     *
     * @throws InvalidOptionsException if they do not fit together
     */
    ClientSecurity clients() {
        Path secret = path("admin-secret-file");
        return new ClientSecurity(
                path("cert-file"),
                path("key-file"),
                path("trusted-ca-file"),
                flag("client-cert-auth"),
                names("admin-cert-name", "").stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet()),
                secret == null ? null : secretsIn(secret).get(0),
                flag("trusted-network"),
                names("cors", "*"),
                access());
    }

    private Set<String> names(String name, String usual) {
        return Pattern.compile(",")
                .splitAsStream(values.getOrDefault(name, usual))
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .collect(Collectors.toSet());
    }

    private AccessOptions access() {
        try {
            return new AccessOptions(
                    AccessOptions.parse(values.getOrDefault("auth-token", "simple")),
                    Duration.ofSeconds(whole(
                            "auth-token-ttl", AccessOptions.USUAL.simpleTtl().toSeconds())),
                    whole("bcrypt-cost", AccessOptions.USUAL.bcryptCost()));
        } catch (IllegalArgumentException e) {
            throw problem(String.valueOf(e.getMessage()));
        }
    }

    private int whole(String name, long usual) {
        String text = values.getOrDefault(name, Long.toString(usual));
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw problem(name + " is a whole number, not \"" + text + "\"");
        }
    }

    private static List<Bytes> secretsIn(Path file) {
        List<Bytes> secrets;
        try {
            secrets = Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .map(Bytes::utf8)
                    .toList();
        } catch (IOException e) {
            throw problem("cannot read the secret in " + file + ": " + e);
        }
        if (secrets.isEmpty() || secrets.stream().anyMatch(each -> each.size() < SecurityOptions.LEAST_SECRET_BYTES)) {
            throw problem(file + " has no secret of at least " + SecurityOptions.LEAST_SECRET_BYTES
                    + " bytes, or a shorter one");
        }
        return secrets;
    }

    private boolean flag(String name) {
        String text = values.getOrDefault(name, "false");
        if (!text.equals("true") && !text.equals("false")) {
            throw problem(name + " is true or false, not \"" + text + "\"");
        }
        return text.equals("true");
    }

    private @Nullable Path path(String name) {
        String text = values.get(name);
        return text == null ? null : Path.of(text);
    }

    private static InvalidOptionsException problem(String text) {
        return new InvalidOptionsException(List.of(text));
    }
}
