package io.loggos.architecture.planted.right;

import io.loggos.architecture.planted.left.Left;
import io.loggos.internal.planted.Hidden;
import org.jspecify.annotations.Nullable;

/** The other half of a cycle of packages; it uses an internal package, too. */
public record Right(@Nullable Left left, Hidden hidden) {}
