/**
 * Other processes: forked JVMs and the line protocol with them, programs that are started and stopped, and waiting
 * with a deadline. Uses the JDK only.
 */
@NullMarked
package io.loggos.benchmarks.harness.process;

import org.jspecify.annotations.NullMarked;
