/** Runs the small programs. */
@NullMarked
package io.loggos.examples;

import org.jspecify.annotations.NullMarked;
