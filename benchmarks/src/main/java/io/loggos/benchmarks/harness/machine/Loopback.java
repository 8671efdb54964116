package io.loggos.benchmarks.harness.machine;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Ports of the loopback address for systems that must know all of them before the first is listened on. */
public final class Loopback {
    private static final String HOST = "127.0.0.1";

    private Loopback() {}

    /**
     * So many different {@code host:port} that nobody listens on, by TCP or UDP. Somebody else may be faster to take one:
     * who opens a system should be ready to try once more.
     */
    public static List<String> freeAddresses(int count) throws IOException {
        InetAddress host = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        List<AutoCloseable> held = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        try {
            while (addresses.size() < count) {
                ServerSocket tcp = new ServerSocket(0, 1, host);
                held.add(tcp);
                held.add(new DatagramSocket(new InetSocketAddress(host, tcp.getLocalPort())));
                addresses.add(HOST + ":" + tcp.getLocalPort());
            }
        } finally {
            for (AutoCloseable each : held) {
                close(each);
            }
        }
        return addresses;
    }

    private static void close(AutoCloseable socket) throws IOException {
        try {
            socket.close();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
