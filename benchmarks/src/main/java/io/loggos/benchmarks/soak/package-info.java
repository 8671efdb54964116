/**
 * {@code bench soak}: whether a cluster under a steady load stays as fast, as even and as small as it was. May use
 * {@code process} and {@code trial}.
 */
@NullMarked
package io.loggos.benchmarks.soak;

import org.jspecify.annotations.NullMarked;
