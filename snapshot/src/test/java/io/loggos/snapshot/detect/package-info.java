/**
 * Tests of the detectors against small computations that run step by step.
 *
 * <p>Each takes a snapshot by hand, and compares the findings with what the run before and after it knows.
 */
package io.loggos.snapshot.detect;
