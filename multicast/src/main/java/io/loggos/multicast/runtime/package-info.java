/**
 * Turns the pure protocol of groups into a {@link io.loggos.api.group.Group}.
 *
 * <p>It has the queue of an application's messages on the way in, and the agent that calls its listener on the way out.
 * The host stands between them and the node's loop.
 */
@NullMarked
package io.loggos.multicast.runtime;

import org.jspecify.annotations.NullMarked;
