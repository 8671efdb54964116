/**
 * Creates a node's data directory from an exported snapshot, and gives the application the data recorded there.
 *
 * <p>Part of the assembly of a node.
 */
@NullMarked
package io.loggos.paxos.runtime.restore;

import org.jspecify.annotations.NullMarked;
