/** The options that commands share, and the progress line. Uses {@code report}, {@code plot} and {@code machine}. */
@NullMarked
package io.loggos.benchmarks.harness.cli;

import org.jspecify.annotations.NullMarked;
