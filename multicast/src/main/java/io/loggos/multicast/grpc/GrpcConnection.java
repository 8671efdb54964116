package io.loggos.multicast.grpc;

import io.loggos.api.Bytes;
import io.loggos.api.spi.Transport;
import java.util.ArrayList;
import java.util.List;

/**
 * One connection over one gRPC call, seen from either end.
 *
 * <p>The first byte of each message tells whether it is a frame or, as the last message, the reason of a close. A gRPC
 * client has no other way to send a reason.
 *
 * <p>The lock separates a close by the transport from a frame of the loop; nobody waits while holding it.
 */
abstract class GrpcConnection implements Transport.Connection {
    private static final byte FRAME = 0;
    private static final byte GOODBYE = 1;
    private static final Bytes FRAME_PREFIX = Bytes.wrap(new byte[] {FRAME});
    private static final Bytes GOODBYE_PREFIX = Bytes.wrap(new byte[] {GOODBYE});
    private static final int REASON_LIMIT = 500;

    private final GrpcTransport transport;
    private volatile boolean ended;

    GrpcConnection(GrpcTransport transport) {
        this.transport = transport;
    }

    /** Gives a message to the call. */
    abstract void write(List<Bytes> message);

    /** Ends the call after what was written. */
    abstract void finish();

    @Override
    public final synchronized void send(List<Bytes> frame) {
        if (ended) {
            return;
        }
        List<Bytes> message = new ArrayList<>(1 + frame.size());
        message.add(FRAME_PREFIX);
        message.addAll(frame);
        write(message);
        transport.sent(message);
    }

    @Override
    public final void close(String reason) {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            String short_ = reason.length() <= REASON_LIMIT ? reason : reason.substring(0, REASON_LIMIT);
            write(List.of(GOODBYE_PREFIX, Bytes.utf8(short_)));
            finish();
        }
        transport.closed(this, reason);
    }

    /** Takes a message; returns whether more may come. */
    final boolean received(List<Bytes> message) {
        Bytes bytes = message.get(0);
        if (ended) {
            return false;
        }
        if (!bytes.isEmpty() && bytes.at(0) == FRAME) {
            transport.received(this, bytes.slice(1, bytes.size() - 1));
            return true;
        }
        boolean goodbye = !bytes.isEmpty() && bytes.at(0) == GOODBYE && bytes.size() <= 4 * REASON_LIMIT + 1;
        end(
                goodbye
                        ? bytes.slice(1, bytes.size() - 1).toUtf8()
                        : "INVALID: a message that is neither frame nor reason");
        return false;
    }

    /** Ends the connection when the call is over, or has to be ended, without this end's wish. */
    final void end(String reason) {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            finish();
        }
        transport.closed(this, reason);
    }
}
