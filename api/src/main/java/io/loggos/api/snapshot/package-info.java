/**
 * Consistent global snapshots: the contents of a cut, the application's part in it, and the uses of cuts.
 *
 * <p>Chandy and Lamport, <i>Distributed Snapshots: Determining Global States of Distributed Systems</i>, ACM TOCS 3(1),
 * 1985.
 */
@NullMarked
package io.loggos.api.snapshot;

import org.jspecify.annotations.NullMarked;
