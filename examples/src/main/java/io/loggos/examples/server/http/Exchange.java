package io.loggos.examples.server.http;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;

/** A request and its answer on a connection of HTTP/1.1. All methods run on the event loop of the connection. */
interface Exchange {
    /** True if its body may come over a long time. */
    boolean mayTakeLong();

    /** True if more of the body is wanted now. */
    boolean wantsBody();

    /** Takes a part of the body, which stays the caller's. */
    void body(ByteBuf part, boolean isLast);

    /** The client takes more of the answer. */
    void writable();

    /** The connection has ended before the answer. */
    void gone();
}
