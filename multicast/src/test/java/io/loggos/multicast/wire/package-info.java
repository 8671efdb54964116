/** Tests of the frames' bytes. */
@NullMarked
package io.loggos.multicast.wire;

import org.jspecify.annotations.NullMarked;
