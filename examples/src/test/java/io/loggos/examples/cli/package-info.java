/**
 * Tests of the command line: the input it refuses, and whole clusters of real processes, killed and restarted, also
 * with the real etcdctl.
 */
@NullMarked
package io.loggos.examples.cli;

import org.jspecify.annotations.NullMarked;
