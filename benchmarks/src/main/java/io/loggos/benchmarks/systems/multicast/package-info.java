/**
 * The common view of systems whose members multicast to each other, and the audit of deliveries. The packages of the
 * single systems implement its interfaces. Uses {@code harness}.
 */
@NullMarked
package io.loggos.benchmarks.systems.multicast;

import org.jspecify.annotations.NullMarked;
