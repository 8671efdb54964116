/**
 * The key-value server: a node, its store, and the etcd v3 protocol in front of it. Requests are checked and
 * translated to operations of {@code io.loggos.api.kv}, outcomes are translated back, and failures become
 * etcd's own errors. Uses the public api and gRPC only; the command line uses this.
 */
@NullMarked
package io.loggos.examples.server;

import org.jspecify.annotations.NullMarked;
