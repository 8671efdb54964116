/**
 * The command line of the key-value server: {@code loggos server}, {@code cluster}, {@code status}, {@code snapshot}
 * and {@code restore}. Results go to stdout and problems to stderr. The exit code is 0, 1 for a failure, or 2 for bad
 * usage.
 */
@NullMarked
package io.loggos.examples.cli;

import org.jspecify.annotations.NullMarked;
