/** The bytes of the messages of {@code core}, by hand, so that a batch is never copied. Used by {@code runtime}. */
@NullMarked
package io.loggos.paxos.wire;

import org.jspecify.annotations.NullMarked;
