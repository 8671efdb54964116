/** {@code bench restart}: how soon a long log serves again. May use {@code process} and {@code trial}. */
@NullMarked
package io.loggos.benchmarks.restart;

import org.jspecify.annotations.NullMarked;
