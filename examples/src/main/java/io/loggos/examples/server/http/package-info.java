/**
 * HTTP/1.1 on the port for clients, beside gRPC: pages for machines that watch the server, and etcd's JSON gateway.
 */
@NullMarked
package io.loggos.examples.server.http;

import org.jspecify.annotations.NullMarked;
