/**
 * MicroRaft as a peer. It is a protocol without a network and without a disk; both are here, as lean as Java has them:
 * frames over TCP and one file to append to. May use {@code system} and {@code workload}.
 */
@NullMarked
package io.loggos.benchmarks.system.microraft;

import org.jspecify.annotations.NullMarked;
