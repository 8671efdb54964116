/** The messages of groups as bytes. Bytes of a peer are not trusted: what cannot be is malformed, before the core sees it. */
@NullMarked
package io.loggos.multicast.group.wire;

import org.jspecify.annotations.NullMarked;
