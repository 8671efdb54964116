/**
 * The key-value server: a node, its store, and the etcd v3 protocol in front of it. Requests are checked and translated
 * to operations of {@code io.loggos.api.kv}. Outcomes are translated back, and failures become etcd's errors. It uses
 * the public API and gRPC only. The command line uses this package.
 */
@NullMarked
package io.loggos.examples.server;

import org.jspecify.annotations.NullMarked;
