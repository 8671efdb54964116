/**
 * Values that Multi-Paxos is written in: messages, batches, configurations, limits, timers; and its effects.
 */
@NullMarked
package io.loggos.paxos.core.model;

import org.jspecify.annotations.NullMarked;
