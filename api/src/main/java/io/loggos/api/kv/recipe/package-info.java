/**
 * Recipes on a key-value store with leases and watches: a lock and an election. They use keys as etcd's own recipes do,
 * so that holders in this library and clients of etcd's protocol exclude each other.
 */
@NullMarked
package io.loggos.api.kv.recipe;

import org.jspecify.annotations.NullMarked;
