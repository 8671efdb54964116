/**
 * Tests of the Synod: its paper's claims one by one, and short runs under an adversary who decides what arrives,
 * what reaches the disk, and who dies.
 */
@NullMarked
package io.loggos.paxos.synod;

import org.jspecify.annotations.NullMarked;
