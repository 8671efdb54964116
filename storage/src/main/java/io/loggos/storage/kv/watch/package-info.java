/**
 * Watches of a store: the live stream of changes, reads of history, and the subscribers.
 *
 * <pre>
 *   apply thread         watch lane                        history lane        subscribers
 *   VersionedStore ────▶ ChangeFeed ─▶ Watchers (core) ──▶ HistoryReads
 *     each change        bounded       decides what        pages of EVENTS
 *                                      goes to whom ◀───── from a snapshot
 *                                          └──────────────────────────────▶ WatchSubscription
 * </pre>
 *
 * <p>The applying thread passes on what a command has changed, and never waits. What finds no room in the feed is left
 * out, and so is what a checkpoint brings that is installed. The revisions show that, and all watches then read on from
 * the store. Changes of keys that no watch wants wake nobody.
 *
 * <p>{@link io.loggos.storage.kv.watch.core.Watchers} decides. A watch has a place and no queue. If its subscriber is
 * ready, it receives events as they come. If not, it keeps its place, and later reads on: from the last revisions in
 * memory, 16 MiB for all watches, or from the table EVENTS, whose order is that of the revisions. So a slow subscriber
 * costs some hundred bytes. A watch that wants what was compacted away ends. The keys of watches are indexed, single keys
 * in a map and ranges in a treap, so a put looks at those watches only that it concerns.
 *
 * <p>History is read in pages of 512 KiB, each for up to 1,024 watches that are at the same place or behind it. A
 * snapshot is captured on the applying thread and serves for a second.
 */
@NullMarked
package io.loggos.storage.kv.watch;

import org.jspecify.annotations.NullMarked;
