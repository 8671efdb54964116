/**
 * A program that loads key-value servers, in a JVM of its own, with its client and its results. Uses {@code
 * harness.workload} and the generated classes of the etcd protocol.
 */
@NullMarked
package io.loggos.benchmarks.systems.servers.client;

import org.jspecify.annotations.NullMarked;
