/**
 * Global snapshots as part of a node: attempts that are repeated until a deadline, the parts on disk, and watches. Driven
 * by the node's loop and its background worker; only the assembly of a node uses it.
 */
@NullMarked
package io.loggos.snapshot.runtime;

import org.jspecify.annotations.NullMarked;
