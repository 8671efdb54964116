/**
 * Access control of the key-value store, with the rules of etcd v3. The state machine owns an {@link
 * io.loggos.storage.kv.access.AccessRunner}. Its state is an immutable value, which any thread may read.
 */
@NullMarked
package io.loggos.storage.kv.access;

import org.jspecify.annotations.NullMarked;
