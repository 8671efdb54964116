/**
 * Bulk transfer beside the links: checkpoints, the states of groups, and parts of snapshots, in chunks that are checked.
 */
@NullMarked
package io.loggos.paxos.runtime.bulk;

import org.jspecify.annotations.NullMarked;
