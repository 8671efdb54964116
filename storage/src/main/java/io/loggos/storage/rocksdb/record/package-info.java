/**
 * Records of the acceptor log as keys and values: kinds, checksums, and the chain of writes.
 */
@NullMarked
package io.loggos.storage.rocksdb.record;

import org.jspecify.annotations.NullMarked;
