/** The rolling digest of all changes of a key-value store, by which replicas find that they differ. */
@NullMarked
package io.loggos.storage.kv.digest;

import org.jspecify.annotations.NullMarked;
