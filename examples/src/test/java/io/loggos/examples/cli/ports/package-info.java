/** Tests of the choice of ports. */
@NullMarked
package io.loggos.examples.cli.ports;

import org.jspecify.annotations.NullMarked;
