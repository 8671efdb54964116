package io.loggos.benchmarks.systems.microraft;

import io.microraft.RaftNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connection from one peer. Its thread reads frames and hands the messages to the node. */
final class Incoming implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Incoming.class);

    private final SocketChannel channel;
    private final RaftNode node;
    private final MessageDecoder decoder;
    private final Thread thread;
    private ByteBuffer frames = ByteBuffer.allocateDirect(1 << 18);

    Incoming(String name, SocketChannel channel, RaftNode node, MessageDecoder decoder) {
        this.channel = channel;
        this.node = node;
        this.decoder = decoder;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        TcpTransport.close(channel, thread);
    }

    private void run() {
        try {
            while (channel.read(frames) >= 0) {
                frames.flip();
                int missing = handleFrames();
                frames.compact();
                if (missing > frames.remaining()) {
                    frames = ByteBuffer.allocateDirect(frames.position() + missing)
                            .put(frames.flip());
                }
            }
        } catch (AsynchronousCloseException e) {
            LOG.debug("{} was closed", thread.getName(), e);
        } catch (IOException e) {
            LOG.warn("{} ends", thread.getName(), e);
        }
    }

    /** Handles complete frames and returns the number of bytes that the next one still needs. */
    private int handleFrames() {
        while (frames.remaining() >= Integer.BYTES) {
            int length = Integer.BYTES + frames.getInt(frames.position());
            if (frames.remaining() < length) {
                return length - frames.remaining();
            }
            frames.getInt();
            node.handle(decoder.read(frames));
        }
        return 0;
    }
}
