/**
 * What callers of a group wait for: fates of their messages, views, and answers to requests. Used by the package above
 * alone.
 */
@NullMarked
package io.loggos.multicast.runtime.ask;

import org.jspecify.annotations.NullMarked;
