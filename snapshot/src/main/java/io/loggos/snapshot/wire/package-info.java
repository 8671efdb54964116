/** The bytes of messages between nodes about snapshots, and of the records of a snapshot on disk. */
@NullMarked
package io.loggos.snapshot.wire;

import org.jspecify.annotations.NullMarked;
