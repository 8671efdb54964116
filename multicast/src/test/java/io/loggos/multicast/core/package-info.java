/** Tests of the pure link protocol, on virtual time. */
@NullMarked
package io.loggos.multicast.core;

import org.jspecify.annotations.NullMarked;
