/**
 * Multi-Paxos and the assembly of a node. An application uses {@code io.loggos.api} and finds this module by
 * having it on the class path; what it may name here is {@link io.loggos.paxos.MicrometerMeters}
 * and, for consensus under a bound on time, {@link io.loggos.paxos.synchronous.SynchronousAgreement}.
 */
@NullMarked
package io.loggos.paxos;

import org.jspecify.annotations.NullMarked;
