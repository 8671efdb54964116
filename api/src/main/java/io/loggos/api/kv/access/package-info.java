/** Users, roles and permissions: who may read and write which keys of a {@link io.loggos.api.kv.KeyValueStore}. */
@NullMarked
package io.loggos.api.kv.access;

import org.jspecify.annotations.NullMarked;
