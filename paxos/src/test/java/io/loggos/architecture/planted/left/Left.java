package io.loggos.architecture.planted.left;

import io.loggos.architecture.planted.right.Right;

/** One half of a cycle of packages, with text in the locale of the machine, for the tests of the rules. */
public record Left(Right right) {
    String text() {
        return String.format("%s", right);
    }
}
