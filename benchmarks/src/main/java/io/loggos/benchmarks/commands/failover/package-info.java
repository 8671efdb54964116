/**
 * {@code bench failover}: the time without commits after the leader is killed. Uses {@code systems.loggos.audited}
 * and {@code harness.trial}.
 */
@NullMarked
package io.loggos.benchmarks.commands.failover;

import org.jspecify.annotations.NullMarked;
