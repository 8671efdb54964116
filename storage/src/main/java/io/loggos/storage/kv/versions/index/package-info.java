/** The index of the current keys, in memory: found, visited in order and counted without a read of the store of rows. */
@NullMarked
package io.loggos.storage.kv.versions.index;

import org.jspecify.annotations.NullMarked;
