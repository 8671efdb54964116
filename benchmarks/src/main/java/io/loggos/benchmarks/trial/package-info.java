/**
 * What the trials share: those benchmarks that watch a cluster for a while, or do something to it, and end with findings
 * against bounds. The findings, gaps between events, and three nodes in one JVM. May use {@code cli}, {@code workload},
 * {@code report}, {@code system.loggos} and the API of Loggos.
 */
@NullMarked
package io.loggos.benchmarks.trial;

import org.jspecify.annotations.NullMarked;
