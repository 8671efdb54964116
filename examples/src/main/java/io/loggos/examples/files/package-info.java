/** Directories that the server and its command line build and remove. */
@NullMarked
package io.loggos.examples.files;

import org.jspecify.annotations.NullMarked;
