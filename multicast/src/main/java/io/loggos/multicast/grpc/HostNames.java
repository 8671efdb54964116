package io.loggos.multicast.grpc;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Resolves the host names of peers. Any thread; it may block. */
@FunctionalInterface
interface HostNames {
    /** Names as this machine knows them. The JVM keeps an answer for some seconds (networkaddress.cache.ttl). */
    HostNames OF_SYSTEM = host -> List.of(InetAddress.getAllByName(host));

    /** The addresses of a host, at least one, the preferred one first. */
    List<InetAddress> addresses(String host) throws UnknownHostException;
}
