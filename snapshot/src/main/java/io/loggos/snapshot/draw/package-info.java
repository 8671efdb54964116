/** Pictures of cuts. It may use {@code api} and {@code detect}; a browser shows the pictures. */
@NullMarked
package io.loggos.snapshot.draw;

import org.jspecify.annotations.NullMarked;
