/**
 * The program {@code bench}: its command line with one subcommand for each package below {@code commands}. Nothing
 * else uses this package.
 */
@NullMarked
package io.loggos.benchmarks;

import org.jspecify.annotations.NullMarked;
