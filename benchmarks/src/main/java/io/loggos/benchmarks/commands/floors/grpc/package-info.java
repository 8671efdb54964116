/** The floor under the network: plain gRPC, without the links of Loggos. Uses {@code harness.workload}. */
@NullMarked
package io.loggos.benchmarks.commands.floors.grpc;

import org.jspecify.annotations.NullMarked;
