/** Pictures of cuts. It may use {@code api} and {@code detect}, and needs nothing but a browser to be looked at. */
@NullMarked
package io.loggos.snapshot.draw;

import org.jspecify.annotations.NullMarked;
