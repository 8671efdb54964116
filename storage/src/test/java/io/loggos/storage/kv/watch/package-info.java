/** Tests of watches, and a judge of their guarantees for other tests. */
@NullMarked
package io.loggos.storage.kv.watch;

import org.jspecify.annotations.NullMarked;
