/** The upkeep of a replicated key-value store: limits, alarms, hashes, space and backups. */
@NullMarked
package io.loggos.api.kv.maintenance;

import org.jspecify.annotations.NullMarked;
