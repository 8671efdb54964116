package io.loggos.examples.cli.options;

import io.loggos.api.Address;
import java.util.ArrayList;
import java.util.List;
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

    /** Returns the addresses. */
    public List<Address> parse() {
        List<Address> addresses = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (String endpoint : endpoints) {
            try {
                addresses.add(Address.parse(endpoint.strip().replaceFirst("^http://", "")));
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
