/**
 * Checks that the options of the API share. Used by the modules of Loggos only; not part of the API.
 */
@NullMarked
package io.loggos.internal.options;

import org.jspecify.annotations.NullMarked;
