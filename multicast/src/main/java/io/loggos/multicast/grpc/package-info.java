/**
 * Connections and bulk requests over gRPC. The only package of this module that knows gRPC, and the only one
 * with threads.
 */
@NullMarked
package io.loggos.multicast.grpc;

import org.jspecify.annotations.NullMarked;
