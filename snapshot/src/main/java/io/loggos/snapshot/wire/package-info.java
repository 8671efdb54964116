/** The bytes of what nodes say to each other about snapshots, and of what a snapshot leaves on disk. */
@NullMarked
package io.loggos.snapshot.wire;

import org.jspecify.annotations.NullMarked;
