/** The frames of the link protocol and their bytes. Pure; used by {@code core} alone. */
@NullMarked
package io.loggos.multicast.wire;

import org.jspecify.annotations.NullMarked;
