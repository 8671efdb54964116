/**
 * Trials: commands that watch a cluster, or make part of it fail, and report findings against bounds. Uses {@code
 * cli}, {@code report}, {@code machine} and {@code process}.
 */
@NullMarked
package io.loggos.benchmarks.harness.trial;

import org.jspecify.annotations.NullMarked;
