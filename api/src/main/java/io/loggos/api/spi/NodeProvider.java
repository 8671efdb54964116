package io.loggos.api.spi;

import io.loggos.api.Node;
import io.loggos.api.NodeOptions;

/** Makes nodes; found by {@link java.util.ServiceLoader}. */
public interface NodeProvider {
    /** Opens a node, as {@link io.loggos.api.NodeBuilder#open} says. */
    Node open(NodeOptions options, Meters meters);
}
