package io.loggos.multicast.grpc;

import io.loggos.api.Address;
import io.loggos.api.TransportException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** The look at an address before anything is written for a node that is to listen on it. */
public final class FreeAddress {
    private FreeAddress() {}

    /**
     * Checks that an address can be listened on, and listens no longer.
     *
     * @throws TransportException if it cannot, now
     */
    public static void check(Address listen) {
        InetSocketAddress address = new InetSocketAddress(listen.host(), listen.port());
        if (address.isUnresolved()) {
            throw new TransportException("cannot listen on " + listen + ": no such host", null);
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
        } catch (IOException e) {
            throw new TransportException("cannot listen on " + listen + ": " + e.getMessage(), e);
        }
    }
}
