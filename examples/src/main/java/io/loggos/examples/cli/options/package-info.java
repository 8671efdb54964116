/**
 * Options that several commands share, and the errors of a command line.
 */
@NullMarked
package io.loggos.examples.cli.options;

import org.jspecify.annotations.NullMarked;
