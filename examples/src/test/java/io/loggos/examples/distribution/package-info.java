/** Tests of the distribution: unpacked in a temporary directory, and run as an ordinary user. */
@NullMarked
package io.loggos.examples.distribution;

import org.jspecify.annotations.NullMarked;
