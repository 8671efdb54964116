/**
 * The checkpoints of a node in plain directories, and the format of a manifest on disk and on the wire. This package
 * uses only {@code java.nio.file}, so it also runs on an in-memory file system. {@code paxos} uses it through
 * {@link io.loggos.api.spi.CheckpointStore}.
 */
@NullMarked
package io.loggos.storage.checkpoint;

import org.jspecify.annotations.NullMarked;
