/** The contract of {@link io.loggos.storage.kv.rows.OrderedStore} as a suite of tests, and a store in memory. */
@NullMarked
package io.loggos.storage.kv.rows;

import org.jspecify.annotations.NullMarked;
