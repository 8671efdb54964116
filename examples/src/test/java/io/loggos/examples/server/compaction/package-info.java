/** Tests of the package of the same name. */
@NullMarked
package io.loggos.examples.server.compaction;

import org.jspecify.annotations.NullMarked;
