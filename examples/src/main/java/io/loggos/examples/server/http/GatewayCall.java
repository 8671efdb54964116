package io.loggos.examples.server.http;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.util.concurrent.EventExecutor;
import io.grpc.netty.shaded.io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call of a gRPC service that has come as HTTP with JSON. The service sees a call like any other.
 *
 * <p>Its listener runs on the event loop of the connection. A service may answer from any thread.
 */
final class GatewayCall<Q, A> extends ServerCall<Q, A> implements Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayCall.class);
    private static final String JSON = "application/json";
    /** Bytes of answers on their way to the event loop from which on the call is not ready. */
    private static final int MOST_ON_THE_WAY = 64 << 10;

    private final MethodDescriptor<Q, A> method;
    private final Q prototype;
    private final Reply reply;
    private final Attributes attributes;
    private final BodyRoom room;
    private final EventExecutor loop;
    private final Channel connection;
    private final JsonValues values = new JsonValues(BodyRoom.MOST_BYTES);
    private final Deque<Q> requests = new ArrayDeque<>();
    private final AtomicInteger onTheWay = new AtomicInteger();

    private ServerCall.@Nullable Listener<Q> listener;
    private @Nullable ScheduledFuture<?> deadline;
    /** Bytes taken from the room for the body. */
    private int taken;

    private int demanded;
    private boolean hasRequest;
    private boolean endsEarly;
    private boolean bodyEnded;
    private boolean halfClosed;
    private boolean hasEnded;
    private volatile boolean cancelled;
    private volatile boolean wasUnready;
    private volatile @Nullable A single;

    GatewayCall(MethodDescriptor<Q, A> method, Q prototype, Reply reply, Attributes attributes, BodyRoom room) {
        this.method = method;
        this.prototype = prototype;
        this.reply = reply;
        this.attributes = attributes;
        this.room = room;
        loop = reply.context().executor();
        connection = reply.context().channel();
    }

    /**
     * Begins the call.
     *
     * @param timeoutNanos time after which it ends with an error; negative for none
     */
    void start(ServerMethodDefinition<Q, A> definition, Metadata headers, long timeoutNanos) {
        if (timeoutNanos >= 0) {
            deadline = loop.schedule(this::expire, timeoutNanos, TimeUnit.NANOSECONDS);
        }
        guarded(() -> listener = definition.getServerCallHandler().startCall(this, headers));
        deliver();
    }

    private void expire() {
        if (cancel()) {
            answer(Status.DEADLINE_EXCEEDED.withDescription("context deadline exceeded"));
        }
    }

    /** Ends the call before its service does. Returns false if it has ended. */
    private boolean cancel() {
        if (hasEnded) {
            return false;
        }
        cancelled = true;
        ServerCall.Listener<Q> told = listener;
        if (told != null) {
            guarded(told::onCancel);
        }
        return true;
    }

    /** Refuses what has come. Answers that have left stay without an error, as in etcd. */
    private void refuse(Status status) {
        if (cancel()) {
            end();
            if (reply.hasBegun()) {
                completesWith(reply.end());
            } else {
                completesWith(reply.whole(JsonText.httpCode(status.getCode()), JSON, JsonText.error(status), false));
            }
        }
    }

    // What the connection tells.

    @Override
    public boolean mayTakeLong() {
        return !isUnary();
    }

    @Override
    public boolean wantsBody() {
        return isUnary() || requests.size() < Math.max(1, demanded);
    }

    @Override
    public void body(ByteBuf part, boolean isLast) {
        if (hasEnded) {
            return;
        }
        if (endsEarly || (isUnary() && hasRequest)) {
            part.skipBytes(part.readableBytes()); // As in etcd, what follows is ignored.
        }
        boolean fits = values.add(part, this::request) && hold(values.size());
        bodyEnded = isLast || (endsEarly && !isUnary());
        if (!fits) {
            refuse(Status.RESOURCE_EXHAUSTED.withDescription("loggos: a request has at most " + BodyRoom.MOST_BYTES
                    + " bytes, and all together have their limit"));
        } else if (isLast) {
            String rest = values.take();
            if (!rest.isBlank() || (isUnary() && !hasRequest)) {
                request(rest);
            }
            hold(0);
        }
        deliver();
    }

    private boolean hold(int size) {
        int more = size - taken;
        taken = size;
        return room.take(more);
    }

    private void request(String text) {
        if (hasEnded || endsEarly || (isUnary() && hasRequest)) {
            return;
        }
        try {
            Q request = JsonText.parse(prototype, text);
            int size = ((MessageLite) request).getSerializedSize();
            if (size > room.mostMessageBytes()) {
                refuse(Status.RESOURCE_EXHAUSTED.withDescription(
                        "grpc: received message larger than max (" + size + " vs. " + room.mostMessageBytes() + ")"));
            } else {
                hasRequest = true;
                requests.add(request);
            }
        } catch (InvalidProtocolBufferException e) {
            if (hasRequest) {
                endsEarly = true; // As in etcd, what is malformed later ends the requests.
                return;
            }
            Status.Code code = isUnary() ? Status.Code.INVALID_ARGUMENT : Status.Code.UNKNOWN;
            refuse(code.toStatus().withDescription(e.getMessage()));
        }
    }

    private void deliver() {
        ServerCall.Listener<Q> told = listener;
        while (told != null && !hasEnded && demanded > 0 && !requests.isEmpty() && (!isUnary() || bodyEnded)) {
            demanded--;
            Q request = requests.remove();
            guarded(() -> told.onMessage(request));
        }
        if (told != null && !hasEnded && bodyEnded && requests.isEmpty() && !halfClosed) {
            halfClosed = true;
            guarded(told::onHalfClose);
        }
    }

    @Override
    public void writable() {
        ServerCall.Listener<Q> told = listener;
        if (told != null && !hasEnded && wasUnready && isReady()) {
            wasUnready = false;
            guarded(told::onReady);
        }
    }

    @Override
    public void gone() {
        if (cancel()) {
            end();
        }
    }

    private boolean isUnary() {
        return method.getType().clientSendsOneMessage();
    }

    // What the service does.

    @Override
    public void request(int count) {
        loop.execute(() -> {
            demanded = (int) Math.min(Integer.MAX_VALUE, (long) demanded + count);
            deliver();
            reply.readMore();
        });
    }

    @Override
    public void sendHeaders(Metadata headers) {
        // The head goes with the first message, since the code of an error is in it.
    }

    @Override
    public void sendMessage(A message) {
        if (method.getType().serverSendsOneMessage()) {
            single = message;
            return;
        }
        ByteBuf part = JsonText.print(connection.alloc(), "{\"result\":", message, "}\n");
        int size = part.readableBytes();
        onTheWay.addAndGet(size);
        loop.execute(() -> {
            onTheWay.addAndGet(-size);
            if (hasEnded) {
                part.release();
                return;
            }
            if (!reply.hasBegun()) {
                reply.begin(200, JSON, true);
            }
            reply.part(part);
            writable();
        });
    }

    @Override
    public boolean isReady() {
        boolean ready = connection.isWritable() && onTheWay.get() < MOST_ON_THE_WAY;
        if (!ready) {
            wasUnready = true;
        }
        return ready;
    }

    @Override
    public void close(Status status, Metadata trailers) {
        A message = single;
        if (status.isOk() && message != null) {
            ByteBuf whole = JsonText.print(connection.alloc(), "", message, "");
            loop.execute(() -> finish(status, whole));
        } else {
            loop.execute(() -> finish(status, null));
        }
    }

    private void finish(Status status, @Nullable ByteBuf whole) {
        if (hasEnded) {
            if (whole != null) {
                whole.release();
            }
        } else if (whole != null) {
            end();
            completesWith(reply.whole(200, JSON, whole, true));
        } else {
            answer(status);
        }
    }

    /** Ends the answer with a status. */
    private void answer(Status status) {
        if (hasEnded) {
            return;
        }
        end();
        if (!method.getType().serverSendsOneMessage()) {
            if (!reply.hasBegun()) {
                reply.begin(JsonText.httpCode(status.getCode()), JSON, false);
            }
            if (!status.isOk()) {
                reply.part(JsonText.streamError(status));
            }
            completesWith(reply.end());
        } else {
            completesWith(reply.whole(JsonText.httpCode(status.getCode()), JSON, JsonText.error(status), false));
        }
    }

    private void end() {
        hasEnded = true;
        hold(0);
        requests.clear();
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    private void completesWith(ChannelFuture sent) {
        ChannelFuture unused = sent.addListener(done -> {
            ServerCall.Listener<Q> told = listener;
            if (told != null && !cancelled) {
                guarded(done.isSuccess() ? told::onComplete : told::onCancel);
            }
        });
    }

    /** Runs a step of the service. One that throws ends the call. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.warn("a call of {} has failed", method.getFullMethodName(), e);
            close(Status.fromThrowable(e), new Metadata());
        }
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public MethodDescriptor<Q, A> getMethodDescriptor() {
        return method;
    }

    @Override
    public Attributes getAttributes() {
        return attributes;
    }
}
