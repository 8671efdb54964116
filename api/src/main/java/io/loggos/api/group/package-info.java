/**
 * Process groups whose members multicast to each other under view synchrony, as an application sees them.
 *
 * <p>Birman and Joseph, <i>Exploiting Virtual Synchrony in Distributed Systems</i> (1987). The terms are those of
 * Chockler, Keidar and Vitenberg, <i>Group Communication Specifications</i> (2001).
 */
@NullMarked
package io.loggos.api.group;

import org.jspecify.annotations.NullMarked;
