/**
 * JMH runs: the base class of the benchmarks, and the runner that forks a JVM for each setting. The commands whose
 * benchmarks run under JMH use this package.
 */
@NullMarked
package io.loggos.benchmarks.harness.jmh;

import org.jspecify.annotations.NullMarked;
