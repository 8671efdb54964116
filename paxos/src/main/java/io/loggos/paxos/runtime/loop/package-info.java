/**
 * The event loop of a node: its inbox becomes turns, and the effects of a turn leave together.
 */
@NullMarked
package io.loggos.paxos.runtime.loop;

import org.jspecify.annotations.NullMarked;
