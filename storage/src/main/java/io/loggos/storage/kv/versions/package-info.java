/**
 * The versions of all keys, in the tables of an ordered store. The package {@link io.loggos.storage.kv} explains the
 * layout. Here they are written, read as of a revision, captured for other threads, and digested.
 */
@NullMarked
package io.loggos.storage.kv.versions;

import org.jspecify.annotations.NullMarked;
