/**
 * The data directory of a log: whose it is, and up to which write it is known to be synced.
 */
@NullMarked
package io.loggos.storage.rocksdb.directory;

import org.jspecify.annotations.NullMarked;
