package io.loggos.examples.cli.options;

import io.loggos.api.Address;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option with the client addresses of the members of a running cluster. */
public final class EndpointsOption {
    @Option(
            names = "--endpoints",
            paramLabel = "HOST:PORT,...",
            split = ",",
            defaultValue = "127.0.0.1:2379,127.0.0.1:22379,127.0.0.1:32379",
            description = "Where clients reach the members. Default: ${DEFAULT-VALUE}")
    private List<String> endpoints = List.of();

    @Option(names = "--cacert", paramLabel = "FILE", description = "Authorities of the members' certificates: TLS.")
    private @Nullable Path trustedCaFile;

    @Option(names = "--cert", paramLabel = "FILE", description = "This client's certificate, for members that ask.")
    private @Nullable Path certFile;

    @Option(names = "--key", paramLabel = "FILE", description = "The key of that certificate.")
    private @Nullable Path keyFile;

    @Option(
            names = "--admin-secret-file",
            paramLabel = "FILE",
            description = "The secret by which members permit status and snapshots.")
    private @Nullable Path adminSecretFile;

    /** Returns how the members are reached. */
    public Connector connector() {
        return Connector.of(trustedCaFile, certFile, keyFile, adminSecretFile);
    }

    /** Returns the addresses. */
    public List<Address> parse() {
        List<Address> addresses = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (String endpoint : endpoints) {
            try {
                addresses.add(Address.parse(endpoint.strip().replaceFirst("^https?://", "")));
            } catch (IllegalArgumentException e) {
                problems.add("--endpoints: " + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new BadUsageException(problems);
        }
        return addresses;
    }
}
