/**
 * {@code bench snapshot}: what global snapshots of a large state cost those who write to it, and how long they take. May
 * use {@code process}, {@code trial}, {@code system} and what those may use.
 */
@NullMarked
package io.loggos.benchmarks.snapshot;

import org.jspecify.annotations.NullMarked;
