/**
 * The detectors against small computations that run step by step: a snapshot is taken of each by hand, and what was found
 * in it is compared with what the run before and after it knows.
 */
package io.loggos.snapshot.detect;
