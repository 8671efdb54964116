/**
 * The byte form of the messages of {@code core}, written by hand so that a batch is never copied. Used by {@code
 * runtime}.
 */
@NullMarked
package io.loggos.paxos.wire;

import org.jspecify.annotations.NullMarked;
