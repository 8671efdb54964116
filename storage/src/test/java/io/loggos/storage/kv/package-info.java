/**
 * Tests of the key-value store, and what others test theirs with: a store of rows in memory, the contract that
 * every {@link io.loggos.storage.kv.OrderedStore} keeps, and a plain model of etcd to compare with.
 */
@NullMarked
package io.loggos.storage.kv;

import org.jspecify.annotations.NullMarked;
