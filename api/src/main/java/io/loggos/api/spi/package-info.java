/**
 * The interfaces between the layers: clock, acceptor log, checkpoint store, transport, meters.
 *
 * <p>The contract suite of a module proves an implementation. The simulation supplies implementations on virtual time.
 */
@NullMarked
package io.loggos.api.spi;

import org.jspecify.annotations.NullMarked;
