/**
 * {@code bench reads}: linearizable reads at the leader, with and without a lease, and at a follower. Uses {@code systems.loggos} and {@code
 * commands.floors}.
 */
@NullMarked
package io.loggos.benchmarks.commands.reads;

import org.jspecify.annotations.NullMarked;
