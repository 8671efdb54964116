/**
 * Global snapshots on disk: each node's part beside a manifest that names all parts by their hashes.
 *
 * <p>It makes parts visible, and finds every byte that differs from the record. Only {@code java.nio.file} is used, so
 * that it also runs on a file system in memory. A {@link io.loggos.api.spi.CheckpointStore} keeps the states of
 * replicas.
 */
@NullMarked
package io.loggos.snapshot.store;

import org.jspecify.annotations.NullMarked;
