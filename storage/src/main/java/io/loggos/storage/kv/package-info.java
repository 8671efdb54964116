/**
 * The key-value store: the state machine with the data model of etcd v3, its codec, the store of rows beneath
 * it as a seam ({@link io.loggos.storage.kv.OrderedStore}), and the {@link io.loggos.api.kv.KeyValueStore} on
 * top of a replica. Uses the api only; whoever assembles a node uses this.
 *
 * <h2>How the state lies in its tables</h2>
 *
 * <p>etcd keeps every version of every key in one tree ordered by revision and finds its way by an index in
 * memory, which must be built at each start and holds every key. Here the order is by key, and the store of rows is the
 * index. A change has a <i>position</i>: its revision, and its place among the changes of one transaction.
 *
 * <ul>
 *   <li>CURRENT: key → the version that stands, without its value.
 *   <li>HISTORY: (escaped key, position of the change that superseded it) → the version, as it
 *       stood in CURRENT. With the <i>end</i> of its life in the key and the beginning in the row, a version is
 *       visible at revision r exactly if mod ≤ r &lt; end. So a key as of r is what CURRENT has, if that is
 *       not younger than r, and else the first row of the key behind (r, everything), if that was there at r: one seek,
 *       and no tombstones are needed, since a key that was not there simply has no row over r.
 *   <li>EVENTS: position → put or delete, the position of the version before it, the key, and of a put the whole
 *       version. It says what happened in which order, and is where a value is written, once. Its rows come in the order
 *       of their keys, which the store of rows neither has to sort nor to merge; a version names its event by its own mod
 *       revision and place. The version before an event is the row of HISTORY with the event's own position.
 *   <li>META: slot, revision, compacted revision, and how far EVENTS is cleaned.
 * </ul>
 *
 * <p>Compaction to r moves one number, and every answer changes with it at once. The rows follow at leisure: the
 * events before r are walked, a bounded number with each write of a batch, each taking the version that it
 * superseded with it, and itself if it put none. What happened at r itself is kept whole, for whoever will watch from r
 * on.
 *
 * <p>Changes gather in memory and go to the store as one batch, when there are thousands of them or before a
 * scan or a checkpoint. Nothing is lost by this: what the store holds counts only through a checkpoint, since
 * the log is its log, and a restarted replica begins with a checkpoint. Physical layout (what is cleaned, what is
 * cached, where batches end) differs between replicas; answers and {@link
 * io.loggos.storage.kv.KeyValueStateMachine#digest} do not.
 */
@NullMarked
package io.loggos.storage.kv;

import org.jspecify.annotations.NullMarked;
