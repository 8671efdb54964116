/**
 * Predicates VS1 to VS15 of view-synchronous groups, as checkers of the events that the members of one group see. The
 * ghost is given each event as it happens; it knows nothing of the simulation.
 */
@NullMarked
package io.loggos.multicast.group.sim.predicate;

import org.jspecify.annotations.NullMarked;
