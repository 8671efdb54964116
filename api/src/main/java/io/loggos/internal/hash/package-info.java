/**
 * The hash that names content. Used by the modules of Loggos only; not part of the API.
 */
@NullMarked
package io.loggos.internal.hash;

import org.jspecify.annotations.NullMarked;
