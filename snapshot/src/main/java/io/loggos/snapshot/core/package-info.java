/**
 * The algorithm of Chandy and Lamport, and the agreement of all nodes on one outcome of a snapshot.
 *
 * <p>Pure: events and the time in, effects out. Only this module and the assembly of a node use it.
 */
@NullMarked
package io.loggos.snapshot.core;

import org.jspecify.annotations.NullMarked;
