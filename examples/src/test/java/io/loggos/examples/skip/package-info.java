/** A command that halts all members of a real cluster, and an operator who lets them skip it. */
@NullMarked
package io.loggos.examples.skip;

import org.jspecify.annotations.NullMarked;
