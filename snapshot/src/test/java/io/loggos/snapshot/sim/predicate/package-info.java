/**
 * Predicates CL1 to CL7 of global snapshots, and the application that they are checked on. {@code Ghost} is given each event
 * of every node as it happens, with clocks that the nodes do not see.
 */
@NullMarked
package io.loggos.snapshot.sim.predicate;

import org.jspecify.annotations.NullMarked;
