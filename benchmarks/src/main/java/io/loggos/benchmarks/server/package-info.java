/**
 * The key-value server beside etcd: three server processes of each, the client program that loads them in a JVM of its
 * own, and the check that all members hold the same at the end. May use {@code cli}, {@code report} and {@code
 * workload}, and of the examples the server's command line and the generated classes of etcd's protocol.
 */
@NullMarked
package io.loggos.benchmarks.server;

import org.jspecify.annotations.NullMarked;
