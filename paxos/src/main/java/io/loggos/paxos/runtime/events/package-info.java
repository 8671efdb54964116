/**
 * Changes that a node sees in its cluster, told to its log and to the application. The loop, the replicas and the node tell it.
 */
@NullMarked
package io.loggos.paxos.runtime.events;

import org.jspecify.annotations.NullMarked;
