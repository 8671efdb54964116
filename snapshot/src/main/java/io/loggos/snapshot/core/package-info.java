/**
 * The algorithm of Chandy and Lamport, and how all nodes come to one outcome of a snapshot: pure, events and the time in,
 * effects out. Only this module and the assembly of a node use it.
 */
@NullMarked
package io.loggos.snapshot.core;

import org.jspecify.annotations.NullMarked;
