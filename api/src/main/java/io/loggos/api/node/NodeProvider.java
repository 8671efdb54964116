package io.loggos.api.node;

import io.loggos.api.spi.Meters;

/** Creates nodes. {@link java.util.ServiceLoader} finds the implementation. */
public interface NodeProvider {
    /** Opens a node, as {@link io.loggos.api.node.NodeBuilder#open} specifies. */
    Node open(NodeOptions options, Meters meters);
}
