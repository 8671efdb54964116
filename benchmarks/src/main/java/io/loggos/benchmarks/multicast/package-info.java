/**
 * {@code bench multicast}: groups of Loggos and of its peers, each setting in a JVM of its own. May use
 * {@code multicast.system}, {@code workload}, {@code process}, {@code report} and {@code cli}.
 */
@NullMarked
package io.loggos.benchmarks.multicast;

import org.jspecify.annotations.NullMarked;
