/** Who may read and write which keys of a {@link io.loggos.api.kv.KeyValueStore}: users, roles and permissions. */
@NullMarked
package io.loggos.api.kv.access;

import org.jspecify.annotations.NullMarked;
