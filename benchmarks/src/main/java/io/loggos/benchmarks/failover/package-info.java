/**
 * {@code bench failover}: how long a cluster commits nothing when its leader is killed. May use {@code process} and
 * {@code trial}.
 */
@NullMarked
package io.loggos.benchmarks.failover;

import org.jspecify.annotations.NullMarked;
