/**
 * {@code bench growth}: puts, reads, counts and memory of servers as keys and versions become more. Uses {@code
 * systems.servers} and its client.
 */
@NullMarked
package io.loggos.benchmarks.commands.growth;

import org.jspecify.annotations.NullMarked;
