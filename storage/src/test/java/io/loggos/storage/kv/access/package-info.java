/** Tests of access control: random runs against a model, and planted bugs. */
@NullMarked
package io.loggos.storage.kv.access;

import org.jspecify.annotations.NullMarked;
