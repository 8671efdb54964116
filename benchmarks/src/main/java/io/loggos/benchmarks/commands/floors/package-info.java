/**
 * {@code bench floors}: the cost of the same bytes on the disk and on the wire alone. The commands that report floors
 * use this package.
 */
@NullMarked
package io.loggos.benchmarks.commands.floors;

import org.jspecify.annotations.NullMarked;
