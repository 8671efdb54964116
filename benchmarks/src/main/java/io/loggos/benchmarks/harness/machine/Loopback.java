package io.loggos.benchmarks.harness.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Ports of the loopback address, for systems that must know all of them before the first is listened on. */
public final class Loopback {
    /** The loopback address. */
    public static final String HOST = "127.0.0.1";

    private Loopback() {}

    /**
     * Returns different ports that nobody listens on, by TCP or UDP. Another process may take one before it is used, so
     * a caller that opens a system should be ready to try once more.
     */
    public static List<Integer> freePorts(int count) {
        List<ServerSocket> tcp = new ArrayList<>();
        List<DatagramSocket> udp = new ArrayList<>();
        try {
            InetAddress host = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            try {
                while (tcp.size() < count) {
                    ServerSocket socket = new ServerSocket(0, 1, host);
                    tcp.add(socket);
                    udp.add(new DatagramSocket(new InetSocketAddress(host, socket.getLocalPort())));
                }
                return tcp.stream().map(ServerSocket::getLocalPort).toList();
            } finally {
                udp.forEach(DatagramSocket::close);
                for (ServerSocket socket : tcp) {
                    socket.close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the {@code host:port} of as many {@link #freePorts}. */
    public static List<String> freeAddresses(int count) {
        return freePorts(count).stream().map(Loopback::address).toList();
    }

    /** Returns the {@code host:port} of a port. */
    public static String address(int port) {
        return HOST + ":" + port;
    }
}
