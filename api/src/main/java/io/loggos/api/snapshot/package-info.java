/**
 * Consistent global snapshots after Chandy and Lamport (<i>Distributed Snapshots: Determining Global States of Distributed
 * Systems</i>, ACM TOCS 3(1), 1985): what a cut holds, what an application adds to it, and what can be learned from it.
 */
@NullMarked
package io.loggos.api.snapshot;

import org.jspecify.annotations.NullMarked;
