/**
 * The benchmarks, as JMH finds them, and {@code bench}, which runs them and sets their records side by side. May use
 * everything below; nothing may use it.
 */
@NullMarked
package io.loggos.benchmarks;

import org.jspecify.annotations.NullMarked;
