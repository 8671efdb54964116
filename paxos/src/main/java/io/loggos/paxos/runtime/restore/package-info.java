/**
 * Makes the data directory of a node from an exported snapshot, and gives the application what was recorded for it there.
 * Part of the assembly of a node.
 */
@NullMarked
package io.loggos.paxos.runtime.restore;

import org.jspecify.annotations.NullMarked;
