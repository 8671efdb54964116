/**
 * The upkeep of the key-value store: alarms and the comparison of copies, both part of the replicated state, and the
 * work on this node's copy.
 */
@NullMarked
package io.loggos.storage.kv.maintenance;

import org.jspecify.annotations.NullMarked;
