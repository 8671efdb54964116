package io.loggos.paxos.runtime.bulk;

import io.loggos.api.Address;
import io.loggos.api.NodeId;
import io.loggos.api.spi.Transport;

/** A transport for requests, without links. */
public abstract class RequestsOnly implements Transport {
    @Override
    public void start(Listener listener) {
        throw new AssertionError("not asked for");
    }

    @Override
    public Address listening() {
        throw new AssertionError("not asked for");
    }

    @Override
    public void connect(NodeId peer) {
        throw new AssertionError("not asked for");
    }

    @Override
    public void close() {}
}
