/**
 * MicroRaft as a peer. The library has neither a network nor a disk. This package adds both: frames over TCP, and one
 * file that is appended to. Uses {@code systems.consensus} and the library of that name.
 */
@NullMarked
package io.loggos.benchmarks.systems.microraft;

import org.jspecify.annotations.NullMarked;
