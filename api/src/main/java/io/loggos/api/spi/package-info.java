/**
 * The seams at which the layers meet: clock, acceptor log, checkpoint store, transport, meters. An
 * implementation of a seam is proven by the contract suite of its module; the simulation supplies one
 * of each on virtual time.
 */
@NullMarked
package io.loggos.api.spi;

import org.jspecify.annotations.NullMarked;
