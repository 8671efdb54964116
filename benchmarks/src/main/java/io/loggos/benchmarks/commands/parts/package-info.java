/**
 * The cost of the parts of a multicast, for {@code bench jmh Group}: the protocol without links, bytes or threads,
 * and a packet as bytes. Only this package uses the core and the wire format of {@code multicast}.
 */
@NullMarked
package io.loggos.benchmarks.commands.parts;

import org.jspecify.annotations.NullMarked;
