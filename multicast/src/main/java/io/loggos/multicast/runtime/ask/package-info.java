/** Futures of a group's callers: fates of their messages, views, and answers. Used by the package above alone. */
@NullMarked
package io.loggos.multicast.runtime.ask;

import org.jspecify.annotations.NullMarked;
