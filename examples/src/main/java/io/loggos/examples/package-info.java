/** Small programs that each show one thing. They use the public api only, as any application would. */
@NullMarked
package io.loggos.examples;

import org.jspecify.annotations.NullMarked;
