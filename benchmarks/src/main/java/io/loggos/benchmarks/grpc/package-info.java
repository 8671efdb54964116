/** The floors under the network: plain gRPC, without the links of Loggos. May use {@code workload}. */
@NullMarked
package io.loggos.benchmarks.grpc;

import org.jspecify.annotations.NullMarked;
