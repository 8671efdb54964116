/**
 * Guards of a port: TLS with certificates that are read again when they change, and bounds on what connections hold.
 * The transport between nodes uses them, and so does the server of the examples.
 */
@NullMarked
package io.loggos.multicast.grpc.guard;

import org.jspecify.annotations.NullMarked;
