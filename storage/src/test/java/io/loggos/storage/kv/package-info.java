/**
 * Tests of the key-value store, and parts for tests of other stores. These are a store of rows in memory, the contract
 * of {@link io.loggos.storage.kv.rows.OrderedStore}, and a plain model of etcd for comparison.
 */
@NullMarked
package io.loggos.storage.kv;

import org.jspecify.annotations.NullMarked;
