package io.loggos.architecture.planted.left;

import io.loggos.architecture.planted.right.Right;

/** One half of a cycle of packages, for the test of the rule. */
public record Left(Right right) {}
