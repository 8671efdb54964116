/**
 * Contract suites for the seams that this module implements, which any other implementation must pass as well. The acceptor
 * log in memory is their model and the disk of the simulation; random work feeds both.
 */
@NullMarked
package io.loggos.storage.testkit;

import org.jspecify.annotations.NullMarked;
