/** The replicated map. It uses groups through the public API alone. */
@NullMarked
package io.loggos.multicast.map;

import org.jspecify.annotations.NullMarked;
