package io.loggos.examples.server;

import io.loggos.api.Address;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The URLs under which a member is to be reached, for the list of members. They may differ from what it listens on.
 *
 * @param peers URLs for other members; empty for the address that it listens on
 * @param clients URLs for clients; empty for the address that it listens on
 */
public record Advertised(List<String> peers, List<String> clients) {
    /** The addresses that it listens on. */
    public static final Advertised LISTENING = new Advertised(List.of(), List.of());

    public Advertised {
        peers = List.copyOf(peers);
        clients = List.copyOf(clients);
    }

    /**
     * Parses a list of URLs with commas between them.
     *
     * @throws IllegalArgumentException if one is not {@code http://host:port} or {@code https://host:port}
     */
    public static List<String> parse(String text) {
        return Pattern.compile(",")
                .splitAsStream(text)
                .map(String::strip)
                .filter(url -> !url.isEmpty())
                .map(Advertised::checked)
                .toList();
    }

    private static String checked(String url) {
        URI parsed = URI.create(url);
        boolean isHttp = "http".equals(parsed.getScheme()) || "https".equals(parsed.getScheme());
        if (!isHttp
                || parsed.getHost() == null
                || parsed.getPort() < 1
                || !parsed.getPath().isEmpty()) {
            throw new IllegalArgumentException("a URL is like http://host:2379, not \"" + url + "\"");
        }
        return url;
    }

    List<String> peers(boolean tls, Address listening) {
        return peers.isEmpty() ? urls(tls, listening) : peers;
    }

    List<String> clients(boolean tls, Address listening) {
        return clients.isEmpty() ? urls(tls, listening) : clients;
    }

    /** The URL of an address; none for all addresses of a machine, which lead nowhere from another. */
    static List<String> urls(boolean tls, Address address) {
        InetSocketAddress socket = new InetSocketAddress(address.host(), address.port());
        boolean isAny = !socket.isUnresolved() && socket.getAddress().isAnyLocalAddress();
        return isAny ? List.of() : List.of((tls ? "https://" : "http://") + address);
    }
}
