/** Keys of a {@code KeyValueStore}: their ranges, which operations, watches and permissions name. */
@NullMarked
package io.loggos.api.kv.keys;

import org.jspecify.annotations.NullMarked;
