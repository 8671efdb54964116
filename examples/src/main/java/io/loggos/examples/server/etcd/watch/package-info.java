/** etcd's Watch service. One gRPC stream carries many watches. */
@NullMarked
package io.loggos.examples.server.etcd.watch;

import org.jspecify.annotations.NullMarked;
