/** Ports of the loopback address: their choice, and the process that uses one. For the commands of {@code loggos}. */
@NullMarked
package io.loggos.examples.cli.ports;

import org.jspecify.annotations.NullMarked;
