/**
 * The key-value store with the data model of etcd v3: a state machine, its codec and the interface to its store of rows
 * ({@link io.loggos.storage.kv.rows.OrderedStore}). On top of a replica it is a {@link io.loggos.api.kv.KeyValueStore}. The
 * package uses the API only. The code that assembles a node uses it.
 *
 * <h2>Layout of the tables</h2>
 *
 * <p>etcd keeps every version of every key in one tree that is ordered by revision. It finds all versions through an index
 * in memory. Here rows are ordered by key, so the store of rows is the index of the past. The current versions are also in
 * an index in memory, without their values ({@link io.loggos.storage.kv.versions.index.KeyIndex}): a put reads nothing from
 * the store, and keys are counted at once. It is built from CURRENT when a checkpoint is restored. It takes the size of a
 * key and some 50 bytes for each. A change has a <i>position</i>: its revision, and its place among the changes of one transaction.
 *
 * <ul>
 *   <li>CURRENT: key → the current version, without its value.
 *   <li>HISTORY: (escaped key, position of the change that superseded the version) → the version, as it stood in
 *       CURRENT. The key holds the <i>end</i> of the version's life and the row holds the beginning. So a version is
 *       visible at revision r exactly if mod ≤ r &lt; end. The version of a key as of r is the one in CURRENT, if that
 *       is not newer than r. Otherwise it is in the first row of the key behind (r, all places), if that version
 *       existed at r. This takes one seek. Deleted keys need no tombstones: a key that did not exist has no row that
 *       covers r.
 *   <li>EVENTS: position → put or delete, the position of the version before it, the key, and, for a put, the whole
 *       version. This table tells the order of changes, and it is the only table with values. Each value is written
 *       once. Rows arrive in key order, so the store of rows need not sort or merge them. The mod revision and the
 *       place of a version give the position of its event. The version before an event is the row of HISTORY with the
 *       event's own position.
 *   <li>LEASED: lease and key → nothing, for each current key with a lease. Revocation reads the keys of a lease here.
 *   <li>META: slot, revision, compacted revision, a rolling digest of all changes, and the position up to which EVENTS is cleaned. A checkpoint adds the leases.
 * </ul>
 *
 * <p>Compaction to r changes one number, and every answer changes with it at once. Rows are deleted later: each write
 * of a batch walks a bounded number of events before r. For each event it deletes the version that the event
 * superseded, and the event itself if it was a deletion. Events at r itself are kept whole, for a watch that begins at
 * r.
 *
 * <p>Changes are buffered in memory. They go to the store as one batch when there are thousands of them, or before a
 * scan or a checkpoint. This loses nothing: a restarted replica begins with a checkpoint, and the rest comes from the
 * log. The physical layout (cleaned rows, cached versions, ends of batches) differs between replicas. Answers and
 * {@link io.loggos.storage.kv.KeyValueStateMachine#digest} do not.
 */
@NullMarked
package io.loggos.storage.kv;

import org.jspecify.annotations.NullMarked;
