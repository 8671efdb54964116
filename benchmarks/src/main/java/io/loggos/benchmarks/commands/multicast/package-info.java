/**
 * {@code bench multicast}: throughput and latency of groups of Loggos and JGroups, each setting in a JVM of its own.
 * Uses {@code systems.catalog} and {@code commands.floors.grpc}.
 */
@NullMarked
package io.loggos.benchmarks.commands.multicast;

import org.jspecify.annotations.NullMarked;
