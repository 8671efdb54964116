/**
 * The application's view of Loggos: {@link io.loggos.api.node.Node} and the objects it opens, ids, options and outcomes.
 *
 * <p>Nothing here does I/O, and no type of RocksDB, gRPC or protobuf appears in a signature. The implementation is
 * found on the class path through {@link io.loggos.api.node.NodeProvider}.
 */
@NullMarked
package io.loggos.api;

import org.jspecify.annotations.NullMarked;
