package io.loggos.examples.server.http;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import com.google.protobuf.util.JsonFormat;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufAllocator;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufOutputStream;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** Messages and errors as JSON, in the form of etcd's gateway. */
final class JsonText {
    private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();
    private static final JsonFormat.Printer PRINTER =
            JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();

    private JsonText() {}

    /**
     * Reads a message. No text is an empty message.
     *
     * @throws InvalidProtocolBufferException if it is no such message
     */
    @SuppressWarnings("unchecked") // A builder builds what has made it.
    static <Q> Q parse(Q prototype, String text) throws InvalidProtocolBufferException {
        Message.Builder builder = ((Message) prototype).newBuilderForType();
        if (!text.isBlank() && !text.equals("null")) {
            PARSER.merge(text, builder);
        }
        return (Q) builder.build();
    }

    /** Returns a message between two texts. The caller releases it. */
    static ByteBuf print(ByteBufAllocator allocator, String before, Object message, String after) {
        ByteBuf bytes = allocator.buffer();
        try (Writer writer = new OutputStreamWriter(new ByteBufOutputStream(bytes), StandardCharsets.UTF_8)) {
            writer.write(before);
            PRINTER.appendTo((Message) message, writer);
            writer.write(after);
        } catch (IOException | RuntimeException e) {
            bytes.release();
            throw e instanceof RuntimeException unchecked ? unchecked : new UncheckedIOException((IOException) e);
        }
        return bytes;
    }

    /** Returns the error of a call that has not been answered. */
    static ByteBuf error(Status status) {
        String text = quoted(status);
        return utf8("{\"error\":" + text + ",\"message\":" + text + ",\"code\":"
                + status.getCode().value() + "}");
    }

    /** Returns the error that ends a stream of answers. */
    static ByteBuf streamError(Status status) {
        HttpResponseStatus http = HttpResponseStatus.valueOf(httpCode(status.getCode()));
        return utf8("{\"error\":{\"grpc_code\":" + status.getCode().value() + ",\"http_code\":" + http.code()
                + ",\"message\":" + quoted(status) + ",\"http_status\":\"" + http.reasonPhrase() + "\"}}\n");
    }

    /** Returns the code of HTTP that etcd's gateway answers with. */
    static int httpCode(Status.Code code) {
        return switch (code) {
            case OK -> 200;
            case INVALID_ARGUMENT, OUT_OF_RANGE -> 400;
            case UNAUTHENTICATED -> 401;
            case PERMISSION_DENIED -> 403;
            case NOT_FOUND -> 404;
            case CANCELLED -> 408;
            case ALREADY_EXISTS, ABORTED -> 409;
            case FAILED_PRECONDITION -> 412;
            case RESOURCE_EXHAUSTED -> 429;
            case UNIMPLEMENTED -> 501;
            case UNAVAILABLE -> 503;
            case DEADLINE_EXCEEDED -> 504;
            case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
        };
    }

    private static String quoted(Status status) {
        String text = status.getDescription();
        try {
            return PRINTER.print(StringValue.of(text == null ? "" : text));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e); // Every text can be quoted.
        }
    }

    private static ByteBuf utf8(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }
}
