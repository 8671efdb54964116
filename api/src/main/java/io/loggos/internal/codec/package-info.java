/**
 * Records as bytes, and bytes as records again. Used by the modules of Loggos only; not part of the API.
 */
@NullMarked
package io.loggos.internal.codec;

import org.jspecify.annotations.NullMarked;
