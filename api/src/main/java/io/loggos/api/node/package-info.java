/**
 * A member of a cluster: the way in for an application. {@link io.loggos.api.node.Node#builder} opens one; from it come replicas,
 * groups, key-value stores and snapshots. {@link io.loggos.api.node.NodeProvider} is how an implementation is found.
 */
@NullMarked
package io.loggos.api.node;

import org.jspecify.annotations.NullMarked;
