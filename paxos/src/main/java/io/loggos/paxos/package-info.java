/**
 * Multi-Paxos and the assembly of a node.
 *
 * <p>An application uses {@code io.loggos.api} and needs this module only on its class path. It may also name {@link
 * io.loggos.paxos.MicrometerMeters}, {@link io.loggos.paxos.Restore}, and, for consensus under a bound on time, {@link
 * io.loggos.paxos.synchronous.SynchronousAgreement}.
 */
@NullMarked
package io.loggos.paxos;

import org.jspecify.annotations.NullMarked;
