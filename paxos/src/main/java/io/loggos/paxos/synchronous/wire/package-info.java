/** The byte form of the messages of {@code synchronous.core}. Used by {@code io.loggos.paxos.synchronous}. */
@NullMarked
package io.loggos.paxos.synchronous.wire;

import org.jspecify.annotations.NullMarked;
