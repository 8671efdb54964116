/**
 * What is measured and how: a closed loop, three nodes in this JVM, and the clocks. Knows nothing of JMH, so that a
 * test can run a workload for a few hundred operations. May use the API of Loggos and {@code report}.
 */
@NullMarked
package io.loggos.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
