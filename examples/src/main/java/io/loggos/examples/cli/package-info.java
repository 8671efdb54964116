/**
 * The command line of the key-value server: {@code loggos server}, {@code cluster} and {@code status}. What it
 * prints for people goes to stdout, complaints to stderr; it exits with 0, 1 for a failure, 2 for bad usage.
 */
@NullMarked
package io.loggos.examples.cli;

import org.jspecify.annotations.NullMarked;
