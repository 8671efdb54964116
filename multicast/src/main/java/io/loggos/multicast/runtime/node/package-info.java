/**
 * Seams between the groups of a node and the rest of it: state transfer, restored state, recorded state, and an observer.
 */
@NullMarked
package io.loggos.multicast.runtime.node;

import org.jspecify.annotations.NullMarked;
