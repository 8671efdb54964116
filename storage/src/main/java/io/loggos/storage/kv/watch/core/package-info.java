/**
 * The protocol of watches: which events go to which watch, and when. A pure function of its input. Commands, pages of
 * history and demand come in; batches, ends and requests for history go out.
 */
@NullMarked
package io.loggos.storage.kv.watch.core;

import org.jspecify.annotations.NullMarked;
