/**
 * JVMs that are forked and spoken with, nodes in such JVMs, and commands that can be accounted for when such a node is
 * killed. May use {@code trial} and {@code workload}.
 */
@NullMarked
package io.loggos.benchmarks.process;

import org.jspecify.annotations.NullMarked;
