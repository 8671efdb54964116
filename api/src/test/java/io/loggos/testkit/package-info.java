/** Virtual time and seeded randomness, for the simulations and property tests of every module. */
@NullMarked
package io.loggos.testkit;

import org.jspecify.annotations.NullMarked;
