/** Nodes on real disks that are slow, hang, rot or must stay as they are. */
@NullMarked
package io.loggos.paxos.disk;

import org.jspecify.annotations.NullMarked;
