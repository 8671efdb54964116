@NullMarked
package io.loggos.storage.kv.versions.index;

import org.jspecify.annotations.NullMarked;
