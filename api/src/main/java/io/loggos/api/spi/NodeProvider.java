package io.loggos.api.spi;

import io.loggos.api.Node;
import io.loggos.api.NodeOptions;

/** Creates nodes. {@link java.util.ServiceLoader} finds the implementation. */
public interface NodeProvider {
    /** Opens a node, as {@link io.loggos.api.NodeBuilder#open} specifies. */
    Node open(NodeOptions options, Meters meters);
}
