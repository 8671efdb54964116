/** Connections and bulk requests over gRPC. No other package of this module uses gRPC or starts threads. */
@NullMarked
package io.loggos.multicast.grpc;

import org.jspecify.annotations.NullMarked;
