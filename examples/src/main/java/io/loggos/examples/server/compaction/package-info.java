/** Compaction by itself, as etcd's auto-compaction. */
@NullMarked
package io.loggos.examples.server.compaction;

import org.jspecify.annotations.NullMarked;
