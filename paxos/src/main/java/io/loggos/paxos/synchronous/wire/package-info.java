/** The bytes of the messages of {@code synchronous.core}, by hand. Used by {@code io.loggos.paxos.synchronous}. */
@NullMarked
package io.loggos.paxos.synchronous.wire;

import org.jspecify.annotations.NullMarked;
