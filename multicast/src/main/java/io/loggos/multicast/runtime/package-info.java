/**
 * What turns the pure protocol of groups into a {@link io.loggos.api.group.Group}: the queue of an application's messages on
 * the way in, the thread that calls its listener on the way out, and the host that stands between them and the node's loop.
 */
@NullMarked
package io.loggos.multicast.runtime;

import org.jspecify.annotations.NullMarked;
