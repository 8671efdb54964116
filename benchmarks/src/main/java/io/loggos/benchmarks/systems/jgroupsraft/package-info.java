/** jgroups-raft as a peer: three members in this JVM. Uses {@code systems.consensus} and the library of that name. */
@NullMarked
package io.loggos.benchmarks.systems.jgroupsraft;

import org.jspecify.annotations.NullMarked;
