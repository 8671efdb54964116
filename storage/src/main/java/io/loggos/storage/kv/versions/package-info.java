/**
 * The versions of all keys in the tables of an ordered store, as the package {@link io.loggos.storage.kv} lays them out:
 * writing, reading as of a revision, snapshots for readers on other threads, and digests of the state.
 */
@NullMarked
package io.loggos.storage.kv.versions;

import org.jspecify.annotations.NullMarked;
