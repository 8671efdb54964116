/** Apache Ratis as a peer: three servers in this JVM. Uses {@code systems.consensus} and the library of that name. */
@NullMarked
package io.loggos.benchmarks.systems.ratis;

import org.jspecify.annotations.NullMarked;
