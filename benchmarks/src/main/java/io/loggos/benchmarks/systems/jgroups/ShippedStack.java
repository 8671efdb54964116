package io.loggos.benchmarks.systems.jgroups;

import io.loggos.benchmarks.harness.machine.Addresses;
import io.loggos.benchmarks.harness.machine.Loopback;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jgroups.conf.ConfiguratorFactory;
import org.jgroups.conf.ProtocolConfiguration;
import org.jgroups.conf.ProtocolStackConfigurator;

/** Stack as JGroups ships it, for a member on the loopback address. */
final class ShippedStack implements ProtocolStackConfigurator {
    /** Join timeout of the first member, which has no others to find. */
    private static final String FIRST_ALONE_MILLIS = "300";

    private final ProtocolStackConfigurator shipped;
    private final List<ProtocolConfiguration> protocols = new ArrayList<>();

    /**
     * Reads the stack and sets the properties that must be set.
     *
     * @param resource name of the stack in the jar of JGroups
     * @param transport further properties of the transport
     * @param total true if a sequencer is added
     */
    ShippedStack(String resource, int number, Addresses addresses, Map<String, String> transport, boolean total)
            throws Exception {
        shipped = ConfiguratorFactory.getStackConfigurator(resource);
        for (ProtocolConfiguration protocol : shipped.getProtocolStack()) {
            Map<String, String> properties = protocol.getProperties();
            switch (protocol.getProtocolName()) {
                case "TCP" -> {
                    properties.put("bind_addr", Loopback.HOST);
                    properties.put("bind_port", String.valueOf(addresses.ports().get(number)));
                    properties.put("port_range", "0");
                    properties.put("diag.enabled", "false");
                    properties.putAll(transport);
                    protocols.add(protocol);
                }
                case "TCPPING", "MPING" -> protocols.add(new ProtocolConfiguration("TCPPING", discovery(addresses)));
                case "pbcast.GMS" -> {
                    properties.put("print_local_addr", "false");
                    if (number == 0) {
                        properties.put("join_timeout", FIRST_ALONE_MILLIS);
                    }
                    protocols.add(protocol);
                }
                case "NAKACK4", "UNICAST4" -> {
                    properties.put("preview_warning", "false");
                    protocols.add(protocol);
                }
                case "FRAG2", "FRAG4" -> {
                    if (total) {
                        protocols.add(new ProtocolConfiguration("SEQUENCER"));
                    }
                    protocols.add(protocol);
                }
                default -> protocols.add(protocol);
            }
        }
    }

    @Override
    public String getProtocolStackString() {
        return shipped.getProtocolStackString();
    }

    @Override
    public List<ProtocolConfiguration> getProtocolStack() {
        return protocols;
    }

    private static Map<String, String> discovery(Addresses addresses) {
        Map<String, String> properties = new TreeMap<>();
        properties.put(
                "initial_hosts",
                addresses.ports().stream()
                        .map(port -> Loopback.HOST + "[" + port + "]")
                        .collect(Collectors.joining(",")));
        properties.put("port_range", "0");
        properties.put("async_discovery", "true");
        return properties;
    }
}
