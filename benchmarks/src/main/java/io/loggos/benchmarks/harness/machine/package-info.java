/**
 * The machine that measures: its description, data directories on a real disk, free ports, the heap, and the versions
 * of the libraries. Uses the JDK only.
 */
@NullMarked
package io.loggos.benchmarks.harness.machine;

import org.jspecify.annotations.NullMarked;
