/**
 * A member of a cluster, where an application begins.
 *
 * <p>{@link io.loggos.api.node.Node#builder} opens a node. The node opens replicas, key-value stores, groups and
 * snapshots. {@link io.loggos.api.node.NodeProvider} is the service by which the implementation is
 * found.
 */
@NullMarked
package io.loggos.api.node;

import org.jspecify.annotations.NullMarked;
