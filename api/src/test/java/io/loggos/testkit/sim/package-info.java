/**
 * Seeded simulation: {@link io.loggos.testkit.sim.Seeds} runs a {@link io.loggos.testkit.sim.Simulation} while {@link
 * io.loggos.testkit.sim.Faults} strike, and reports a failure with its seed and the trace of its {@link
 * io.loggos.testkit.sim.Journal}. The nodes and the checkers of a simulation stand beside the protocol they are about.
 */
@NullMarked
package io.loggos.testkit.sim;

import org.jspecify.annotations.NullMarked;
