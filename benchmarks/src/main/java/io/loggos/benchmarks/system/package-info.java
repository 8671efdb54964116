/**
 * The systems that do the same work, each behind {@link io.loggos.benchmarks.system.ReplicatedSystem}: Loggos and its
 * peers, a package to each. May use {@code workload}; the packages below may use their own system's library.
 */
@NullMarked
package io.loggos.benchmarks.system;

import org.jspecify.annotations.NullMarked;
