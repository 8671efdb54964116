package io.loggos.examples.server.http;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;

/** A request whose answer does not depend on its body. */
final class PageExchange implements Exchange {
    static final String PLAIN_TEXT = "text/plain; charset=utf-8";

    @Override
    public boolean mayTakeLong() {
        return false;
    }

    @Override
    public boolean wantsBody() {
        return true;
    }

    @Override
    public void body(ByteBuf part, boolean isLast) {}

    @Override
    public void writable() {}

    @Override
    public void gone() {}
}
