/**
 * Global snapshots as part of a node: attempts until a deadline, the parts on disk, and watches.
 *
 * <p>The node's loop and its background worker drive it; only the assembly of a node uses it.
 */
@NullMarked
package io.loggos.snapshot.runtime;

import org.jspecify.annotations.NullMarked;
