/**
 * The comparison of what replicas have answered and of what they keep, by slot (RULES.md B-8).
 *
 * <p>Used by {@code MultiPaxos}. No I/O, threads or clocks.
 */
@NullMarked
package io.loggos.paxos.core.digest;

import org.jspecify.annotations.NullMarked;
