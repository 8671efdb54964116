/**
 * For tests of whoever brings a store of another kind, and for the simulation: contract suites for the seams that this
 * module implements, the acceptor log in memory that serves as their model, and random work to feed both.
 */
@NullMarked
package io.loggos.storage.testkit;

import org.jspecify.annotations.NullMarked;
