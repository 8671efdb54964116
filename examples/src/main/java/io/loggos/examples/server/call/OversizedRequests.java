package io.loggos.examples.server.call;

import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps gRPC from logging a stack trace for each request over the limit of a message. It logs one line now and then
 * instead.
 */
public final class OversizedRequests implements Filter {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(OversizedRequests.class);
    /** Kept, since a logger that nobody keeps loses its filter. */
    private static final Logger OF_GRPC = Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerStream");

    private final Occasionally occasionally = new Occasionally();

    private OversizedRequests() {}

    /** Begins to keep them out of the log of this process. */
    public static void keepFromLog() {
        OF_GRPC.setFilter(new OversizedRequests());
    }

    @Override
    public boolean isLoggable(LogRecord line) {
        Throwable cause = line.getThrown();
        if (cause == null) {
            return true;
        }
        occasionally.run(() -> LOG.warn("refused a request: {}", cause.getMessage()));
        return false;
    }
}
