/**
 * Predicates VS1 to VS16 of view-synchronous groups, as checkers of what every application of one group was told. {@link
 * io.loggos.multicast.group.sim.predicate.Ghost} is given each event as it happens; it knows nothing of the simulation.
 */
@NullMarked
package io.loggos.multicast.group.sim.predicate;

import org.jspecify.annotations.NullMarked;
