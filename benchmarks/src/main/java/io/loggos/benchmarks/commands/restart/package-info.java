/**
 * {@code bench restart}: the time until a node with a long log serves again. Uses {@code systems.loggos.audited} and
 * {@code harness.trial}.
 */
@NullMarked
package io.loggos.benchmarks.commands.restart;

import org.jspecify.annotations.NullMarked;
