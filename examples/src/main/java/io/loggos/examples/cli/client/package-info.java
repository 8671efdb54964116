/**
 * Clients of a running server, and the form in which their answers are printed.
 */
@NullMarked
package io.loggos.examples.cli.client;

import org.jspecify.annotations.NullMarked;
