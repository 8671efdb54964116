/** SVG plots of reports: throughput against latency, and bars. Uses {@code report}. */
@NullMarked
package io.loggos.benchmarks.harness.plot;

import org.jspecify.annotations.NullMarked;
