/**
 * The agreement of all replicas to skip a slot whose commands halt them (RULES.md B-11).
 *
 * <p>Does no I/O. Used by {@link io.loggos.paxos.core} and by the runtime.
 */
@NullMarked
package io.loggos.paxos.core.skip;

import org.jspecify.annotations.NullMarked;
