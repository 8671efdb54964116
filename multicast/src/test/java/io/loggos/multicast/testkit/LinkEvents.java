package io.loggos.multicast.testkit;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.Transport;
import io.loggos.multicast.core.Links;
import io.loggos.testkit.VirtualTime;
import io.loggos.testkit.sim.TurnLoop;
import org.jspecify.annotations.Nullable;

/** Hands what the transport of a simulated node reports to its links, each report in a turn of its own. */
public class LinkEvents implements Transport.Listener {
    private final VirtualTime time;
    private final TurnLoop loop;
    private final Links links;

    public LinkEvents(VirtualTime time, TurnLoop loop, Links links) {
        this.time = time;
        this.loop = loop;
        this.links = links;
    }

    @Override
    public void connected(NodeId peer, Transport.Connection connection) {
        loop.turn(() -> links.onConnected(peer, connection, time.nanos()));
    }

    @Override
    public void connectFailed(NodeId peer, String reason) {
        loop.turn(() -> links.onConnectFailed(peer, reason, time.nanos()));
    }

    @Override
    public void accepted(Transport.Connection connection) {
        loop.turn(() -> links.onAccepted(connection, time.nanos()));
    }

    @Override
    public void received(Transport.Connection connection, Bytes frame) {
        loop.turn(() -> links.onFrame(connection, frame, time.nanos()));
    }

    @Override
    public void closed(Transport.Connection connection, String reason) {
        loop.turn(() -> links.onClosed(connection, reason, time.nanos()));
    }

    @Override
    public @Nullable Bytes requested(Bytes request) {
        return null;
    }
}
