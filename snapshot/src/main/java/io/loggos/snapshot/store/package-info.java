/**
 * Global snapshots on disk: each node's part beside a manifest that names all parts by their hashes, what makes one
 * visible, and what finds every byte of it that is not as it was recorded. Only {@code java.nio.file} is used, so that it
 * also runs on a file system in memory; states of replicas are kept by a {@link io.loggos.api.spi.CheckpointStore}.
 */
@NullMarked
package io.loggos.snapshot.store;

import org.jspecify.annotations.NullMarked;
