/** What a measurement found, as a record, as JSON and as a table. May use the JDK only. */
@NullMarked
package io.loggos.benchmarks.report;

import org.jspecify.annotations.NullMarked;
