/**
 * Loggos nodes in forked JVMs that account for every command, so that a trial can kill a node and then look for lost
 * commands. The trials {@code failover} and {@code restart} use this package.
 */
@NullMarked
package io.loggos.benchmarks.systems.loggos.audited;

import org.jspecify.annotations.NullMarked;
