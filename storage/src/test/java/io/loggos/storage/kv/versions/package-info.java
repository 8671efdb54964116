/** Tests of the versions of keys, below the rules of operations. */
@NullMarked
package io.loggos.storage.kv.versions;

import org.jspecify.annotations.NullMarked;
