/**
 * The checkpoints of a node in plain directories, and the form of a checkpoint's manifest on disk and on the wire.
 * Only {@code java.nio.file} is used, so that it also runs on a file system in memory; {@code paxos} uses it through
 * {@link io.loggos.api.spi.CheckpointStore}.
 */
@NullMarked
package io.loggos.storage.checkpoint;

import org.jspecify.annotations.NullMarked;
