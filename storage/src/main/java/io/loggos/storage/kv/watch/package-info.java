/**
 * Watches of a store: the live stream of changes, reads of history on a thread of their own, and the subscribers. The
 * decisions are made by {@link io.loggos.storage.kv.watch.core.Watchers}.
 */
@NullMarked
package io.loggos.storage.kv.watch;

import org.jspecify.annotations.NullMarked;
