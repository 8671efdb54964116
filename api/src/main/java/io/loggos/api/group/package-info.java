/**
 * Groups of nodes that multicast to each other under view synchrony: what an application sees of them.
 * Birman and Joseph, <i>Exploiting Virtual Synchrony in Distributed Systems</i> (1987); the terms are those of
 * Chockler, Keidar and Vitenberg, <i>Group Communication Specifications</i> (2001).
 */
@NullMarked
package io.loggos.api.group;

import org.jspecify.annotations.NullMarked;
