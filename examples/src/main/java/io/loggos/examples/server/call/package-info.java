/**
 * Calls of gRPC: admission, deadlines, decoding, answers on the event loops, and errors in the words of etcd.
 */
@NullMarked
package io.loggos.examples.server.call;

import org.jspecify.annotations.NullMarked;
