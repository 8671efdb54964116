package io.loggos.benchmarks.systems.microraft;

import io.microraft.RaftEndpoint;
import io.microraft.RaftNode;
import io.microraft.model.message.RaftMessage;
import io.microraft.transport.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Network of one MicroRaft node: for each peer one connection to write to and one to read from, with a thread each. The
 * peers are in this JVM and live as long as this one, so a broken connection stays broken.
 */
final class TcpTransport implements Transport, AutoCloseable {
    private final ServerSocketChannel listener;
    /** Connections by the number of the peer. */
    private final Outgoing[] outgoing;

    private final List<Incoming> incoming = new ArrayList<>();

    /** Listens on a port that is free. */
    TcpTransport(int peers) throws IOException {
        outgoing = new Outgoing[peers];
        listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** Returns the address on which it listens. */
    SocketAddress address() {
        try {
            return listener.getLocalAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects to a peer, which need not have accepted yet. */
    void connect(int peer, SocketAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open(address);
        outgoing[peer] = new Outgoing("writer to " + peer, channel);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    /** Waits until all peers have connected, and hands their messages to the node. */
    void accept(RaftNode node, MessageDecoder decoder) throws IOException {
        while (incoming.size() < outgoing.length - 1) {
            incoming.add(
                    new Incoming("reader of " + node.getLocalEndpoint().getId(), listener.accept(), node, decoder));
        }
    }

    @Override
    public void send(RaftEndpoint target, RaftMessage message) {
        outgoing[((Peer) target).number()].send(message);
    }

    @Override
    public boolean isReachable(RaftEndpoint target) {
        return outgoing[((Peer) target).number()].isOpen();
    }

    /** Closes a connection and waits for the end of its thread. */
    static void close(SocketChannel channel, Thread thread) {
        try {
            channel.close();
            thread.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the threads and the connections. */
    @Override
    public void close() {
        for (Outgoing each : outgoing) {
            if (each != null) {
                each.close();
            }
        }
        incoming.forEach(Incoming::close);
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
