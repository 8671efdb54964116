/**
 * The versions of all keys in the tables of an ordered store, in the layout of {@link io.loggos.storage.kv}.
 *
 * <p>Versions are written, read as of a revision, kept as snapshots for readers on other threads, and digested.
 */
@NullMarked
package io.loggos.storage.kv.versions;

import org.jspecify.annotations.NullMarked;
