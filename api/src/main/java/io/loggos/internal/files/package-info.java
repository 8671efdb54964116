/**
 * Files that survive a crash, and hashes of their content. Used by the modules of Loggos only; not part of the API.
 */
@NullMarked
package io.loggos.internal.files;

import org.jspecify.annotations.NullMarked;
