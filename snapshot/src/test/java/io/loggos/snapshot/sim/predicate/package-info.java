/**
 * Predicates CL1 to CL7 of global snapshots, as checkers of what every node sent, received and recorded, and the application
 * that they are checked on. {@link io.loggos.snapshot.sim.predicate.Ghost} is given each event as it happens, with clocks
 * that the nodes do not see.
 */
@NullMarked
package io.loggos.snapshot.sim.predicate;

import org.jspecify.annotations.NullMarked;
