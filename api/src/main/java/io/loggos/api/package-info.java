/**
 * What an application sees of Loggos: {@link io.loggos.api.Node} and what it opens, ids, options and
 * outcomes. Nothing here does I/O and no type of RocksDB, gRPC or protobuf appears in a signature; the
 * implementation is found on the class path through {@link io.loggos.api.spi.NodeProvider}.
 */
@NullMarked
package io.loggos.api;

import org.jspecify.annotations.NullMarked;
