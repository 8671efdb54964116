/** What a measurement found: as a record, as JSON, as tables and as a plot. May use the JDK only. */
@NullMarked
package io.loggos.benchmarks.report;

import org.jspecify.annotations.NullMarked;
