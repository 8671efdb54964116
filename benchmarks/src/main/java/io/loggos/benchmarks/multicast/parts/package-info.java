/**
 * What the parts of a multicast cost by themselves, for {@code bench jmh Group}: the protocol without links, bytes or threads,
 * and a packet as bytes. May use the core and the wire format of {@code multicast}, which nothing else here does.
 */
@NullMarked
package io.loggos.benchmarks.multicast.parts;

import org.jspecify.annotations.NullMarked;
