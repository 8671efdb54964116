/**
 * Key-value servers in processes of their own: the Loggos server and etcd. Uses {@code harness.process} and the
 * command line of the examples.
 */
@NullMarked
package io.loggos.benchmarks.systems.servers;

import org.jspecify.annotations.NullMarked;
