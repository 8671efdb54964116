/**
 * Tests of the Synod: the claims of its paper one by one, and short runs under an adversary. The adversary decides what
 * arrives, what reaches the disk, and who dies.
 */
@NullMarked
package io.loggos.paxos.synod;

import org.jspecify.annotations.NullMarked;
