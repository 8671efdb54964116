/** Tests of the gRPC transport on real sockets of the loopback interface. */
@NullMarked
package io.loggos.multicast.grpc;

import org.jspecify.annotations.NullMarked;
