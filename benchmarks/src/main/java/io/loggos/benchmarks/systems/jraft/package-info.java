/** SOFAJRaft as a peer: three nodes in this JVM. Uses {@code systems.consensus} and the library of that name. */
@NullMarked
package io.loggos.benchmarks.systems.jraft;

import org.jspecify.annotations.NullMarked;
