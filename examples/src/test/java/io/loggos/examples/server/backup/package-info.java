/** Tests of the package of the same name. */
@NullMarked
package io.loggos.examples.server.backup;

import org.jspecify.annotations.NullMarked;
