/**
 * The messages of groups as bytes. The bytes of a peer are not trusted: impossible values are malformed, before the
 * core sees them.
 */
@NullMarked
package io.loggos.multicast.group.wire;

import org.jspecify.annotations.NullMarked;
