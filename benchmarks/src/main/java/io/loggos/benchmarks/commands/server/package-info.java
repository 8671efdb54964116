/**
 * {@code bench server}: the key-value server beside etcd, loaded by a client program in a JVM of its own. Uses {@code
 * systems.servers} and the generated classes of the etcd protocol.
 */
@NullMarked
package io.loggos.benchmarks.commands.server;

import org.jspecify.annotations.NullMarked;
