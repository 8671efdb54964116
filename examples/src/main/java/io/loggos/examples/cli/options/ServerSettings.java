package io.loggos.examples.cli.options;

import io.loggos.api.Address;
import io.loggos.api.InvalidOptionsException;
import io.loggos.api.NodeId;
import io.loggos.api.node.JoinOptions;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.examples.server.Advertised;
import io.loggos.examples.server.ClientSecurity;
import io.loggos.examples.server.ServerOptions;
import io.loggos.examples.server.StoreLimits;
import io.loggos.examples.server.monitor.MonitorUrl;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a server, from its configuration file and its flags; a flag overrides the file. The result is a set
 * of options, or a list of all problems. A name means the same in both places: {@code --peer 2=host:port} is
 * {@code peer.2 = host:port} in the file.
 */
public final class ServerSettings {
    static final String DEFAULT_CLUSTER_ID = "loggos";
    static final String DEFAULT_LISTEN_PEER = "127.0.0.1:2380";
    public static final String DEFAULT_LISTEN_CLIENT = "127.0.0.1:2379";

    private static final Set<String> SINGLE = Set.of(
            "id",
            "cluster-id",
            "listen-peer",
            "listen-client",
            "listen-client-urls",
            "initial-advertise-peer-urls",
            "advertise-client-urls",
            "data",
            "join",
            "replace",
            "election-timeout",
            "request-timeout",
            "snapshot-count",
            "retained-slots",
            "listen-metrics-urls");
    private static final Set<String> PER_NODE = Set.of("peer", "client");
    /** Time that a request waits for its outcome, besides two election timeouts, as in etcd. */
    private static final Duration USUAL_PATIENCE = Duration.ofSeconds(5);

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    private final TreeMap<String, String> values = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    /** Reads a configuration file with lines {@code name = value}, in the format of {@link Properties}. */
    void readFile(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            problems.add("there is no configuration file " + file);
        } catch (IOException | IllegalArgumentException e) {
            problems.add("cannot read the configuration file " + file + ": " + e.getMessage());
        }
        for (String name : properties.stringPropertyNames()) {
            int dot = name.indexOf('.');
            if (SINGLE.contains(name)
                    || SecuritySettings.NAMES.contains(name)
                    || LimitSettings.NAMES.contains(name)
                    || (dot > 0 && PER_NODE.contains(name.substring(0, dot)))) {
                values.put(name, properties.getProperty(name).strip());
            } else {
                problems.add(file + ": unknown setting \"" + name + "\"");
            }
        }
    }

    /** Sets a flag; null if it was not given. */
    public void flag(String name, @Nullable String value) {
        if (value != null) {
            values.put(name, value);
        }
    }

    /** Sets a flag that may be repeated, each time as {@code ID=host:port}. */
    public void nodeFlags(String name, List<String> given) {
        TreeMap<String, String> seen = new TreeMap<>();
        for (String text : given) {
            int equals = text.indexOf('=');
            if (equals <= 0) {
                problems.add("--" + name + " is ID=host:port, not \"" + text + "\"");
            } else if (seen.put(text.substring(0, equals), text.substring(equals + 1)) != null) {
                problems.add("--" + name + " is given twice for node " + text.substring(0, equals));
            }
        }
        seen.forEach((id, address) -> values.put(name + "." + id, address));
    }

    /**
     * Returns the options.
     *
     * @throws BadUsageException with all problems
     */
    public ServerOptions toOptions() {
        NodeId id = required("id", text -> NodeId.of(Integer.parseInt(text)));
        Path data = required("data", Path::of);
        Address listenPeer = parsed("listen-peer", DEFAULT_LISTEN_PEER, Address::parse);
        List<Address> listenClients = listenClients();
        SortedMap<NodeId, Address> peers = addresses("peer");
        SortedMap<NodeId, Address> clients = addresses("client");
        TimingOptions timing = parsed(
                "election-timeout",
                TimingOptions.defaults().electionTimeout().toMillis() + "ms",
                text -> TimingOptions.ofElectionTimeout(duration(text)));
        List<MonitorUrl> monitor = parsed("listen-metrics-urls", "", MonitorUrl::parseAll);
        StoreLimits limits = checked(new LimitSettings(values)::limits);
        ReplicaOptions replica = replicaOptions(
                (limits == null ? StoreLimits.USUAL : limits).defaultReplica(),
                timing == null ? TimingOptions.defaults() : timing);
        List<String> peerUrls = parsed("initial-advertise-peer-urls", "", Advertised::parse);
        List<String> clientUrls = parsed("advertise-client-urls", "", Advertised::parse);
        if (id == null || data == null || listenPeer == null || limits == null || monitor == null) {
            throw new BadUsageException(problems);
        }
        String clusterId = values.getOrDefault("cluster-id", DEFAULT_CLUSTER_ID);
        SecuritySettings security = new SecuritySettings(values);
        ClientSecurity clientSecurity = checked(security::clients);
        JoinOptions join = parsed("join", "", this::joinOptions);
        NodeOptions node =
                checked(() -> (join == null ? Node.builder() : Node.builder().join(join))
                        .clusterId(clusterId)
                        .id(id)
                        .listen(listenPeer)
                        .peers(peers)
                        .dataDirectory(data)
                        .timing(timing == null ? TimingOptions.defaults() : timing)
                        .security(security.peers())
                        .build());
        if (node == null || clientSecurity == null || peerUrls == null || clientUrls == null || !problems.isEmpty()) {
            throw new BadUsageException(problems);
        }
        return new ServerOptions(
                node,
                listenClients,
                clients,
                new Advertised(peerUrls, clientUrls),
                replica,
                limits,
                clientSecurity,
                monitor);
    }

    /** Returns the addresses for clients. A URL must be one of https if there is a certificate. */
    private List<Address> listenClients() {
        boolean tls = values.containsKey("cert-file");
        List<MonitorUrl> urls = parsed("listen-client-urls", "", MonitorUrl::parseAll);
        if (urls == null || urls.isEmpty()) {
            Address one = parsed("listen-client", DEFAULT_LISTEN_CLIENT, Address::parse);
            return one == null ? List.of() : List.of(one);
        }
        if (values.containsKey("listen-client")) {
            problems.add("listen-client and listen-client-urls are the same; give one of them");
        }
        urls.stream()
                .filter(url -> url.tls() != tls)
                .forEach(url -> problems.add("listen-client-urls: " + url
                        + (tls ? " is not https, and there is a certificate" : " needs cert-file and key-file")));
        return urls.stream().map(MonitorUrl::address).toList();
    }

    private @Nullable JoinOptions joinOptions(String text) {
        String replaces = values.get("replace");
        if (replaces != null && !text.equals("voter")) {
            throw new IllegalArgumentException("--replace belongs to --join voter");
        }
        return switch (text) {
            case "" -> null;
            case "learner" -> JoinOptions.asLearner();
            case "voter" ->
                replaces == null ? JoinOptions.voter() : JoinOptions.inPlaceOf(NodeId.of(Integer.parseInt(replaces)));
            default -> throw new IllegalArgumentException("voter or learner, not \"" + text + "\"");
        };
    }

    private ReplicaOptions replicaOptions(ReplicaOptions defaults, TimingOptions timing) {
        Duration usual = USUAL_PATIENCE.plus(timing.electionTimeout().multipliedBy(2));
        Duration timeout = parsed("request-timeout", usual.toMillis() + "ms", ServerSettings::duration);
        Long slots = parsed("snapshot-count", Long.toString(defaults.checkpointSlots()), Long::valueOf);
        Long retained = parsed("retained-slots", Long.toString(defaults.retainedSlots()), Long::valueOf);
        if (timeout == null || slots == null || retained == null) {
            return defaults;
        }
        ReplicaOptions chosen = checked(() -> defaults.toBuilder()
                .requestTimeout(timeout)
                .checkpointEvery(slots, defaults.checkpointBytes())
                .retainedSlots(retained)
                .build());
        return chosen == null ? defaults : chosen;
    }

    private SortedMap<NodeId, Address> addresses(String name) {
        TreeMap<NodeId, Address> addresses = new TreeMap<>();
        values.forEach((key, value) -> {
            if (key.startsWith(name + ".")) {
                NodeId node = parse(key, key.substring(name.length() + 1), text -> NodeId.of(Integer.parseInt(text)));
                Address address = parse(key, value, Address::parse);
                if (node != null && address != null) {
                    addresses.put(node, address);
                }
            }
        });
        return addresses;
    }

    private <T> @Nullable T required(String name, Function<String, T> parser) {
        String text = values.get(name);
        if (text == null) {
            problems.add("--" + name + " is required");
            return null;
        }
        return parse(name, text, parser);
    }

    private <T> @Nullable T parsed(String name, String otherwise, Function<String, T> parser) {
        return parse(name, values.getOrDefault(name, otherwise), parser);
    }

    private <T> @Nullable T parse(String name, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (NumberFormatException e) {
            problems.add(name + " is a whole number, not \"" + text + "\"");
        } catch (InvalidOptionsException e) {
            e.problems().forEach(problem -> problems.add(name + ": " + problem));
        } catch (IllegalArgumentException e) {
            problems.add(name + ": " + e.getMessage());
        }
        return null;
    }

    private <T> @Nullable T checked(Supplier<T> maker) {
        try {
            return maker.get();
        } catch (InvalidOptionsException e) {
            problems.addAll(e.problems());
            return null;
        }
    }

    static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a duration is like 500ms, 2s, 1m or 1h, not \"" + text + "\"");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }
}
