package io.loggos.benchmarks.systems.microraft;

import io.microraft.model.message.RaftMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connection to one peer. Its thread takes all waiting messages, encodes them and writes them with one call. The queue
 * is short: MicroRaft has one message with entries under way to a follower at a time.
 */
final class Outgoing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Outgoing.class);

    private final SocketChannel channel;
    private final Thread thread;
    private final Object lock = new Object();
    private ArrayDeque<RaftMessage> waiting = new ArrayDeque<>();
    private boolean idle;
    private boolean closed;

    Outgoing(String name, SocketChannel channel) {
        this.channel = channel;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Sends a message and returns at once. After the end messages are dropped, as MicroRaft expects of a network. */
    void send(RaftMessage message) {
        synchronized (lock) {
            if (closed) {
                return;
            }
            waiting.add(message);
            wakeUp();
        }
    }

    boolean isOpen() {
        synchronized (lock) {
            return !closed;
        }
    }

    @Override
    public void close() {
        end();
        TcpTransport.close(channel, thread);
    }

    private void end() {
        synchronized (lock) {
            closed = true;
            wakeUp();
        }
    }

    private void wakeUp() {
        if (idle) {
            idle = false;
            lock.notifyAll();
        }
    }

    private void run() {
        try {
            writeAll();
        } catch (IOException e) {
            if (isOpen()) {
                LOG.warn("{} ends", thread.getName(), e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    private void writeAll() throws IOException, InterruptedException {
        MessageEncoder encoder = new MessageEncoder();
        ArrayDeque<RaftMessage> taken = new ArrayDeque<>();
        while (true) {
            synchronized (lock) {
                while (waiting.isEmpty() && !closed) {
                    idle = true;
                    lock.wait();
                }
                if (closed) {
                    return;
                }
                ArrayDeque<RaftMessage> empty = taken;
                taken = waiting;
                waiting = empty;
            }
            encoder.clear();
            for (RaftMessage message = taken.poll(); message != null; message = taken.poll()) {
                encoder.add(message);
            }
            ByteBuffer frames = encoder.frames();
            while (frames.hasRemaining()) {
                channel.write(frames);
            }
        }
    }
}
