/** Small programs that each show one feature. They use the public API only, as any application would. */
@NullMarked
package io.loggos.examples;

import org.jspecify.annotations.NullMarked;
