/**
 * The lists of all systems that are compared. Commands find systems by name here. Uses every package below {@code
 * systems} that implements a system.
 */
@NullMarked
package io.loggos.benchmarks.systems.catalog;

import org.jspecify.annotations.NullMarked;
