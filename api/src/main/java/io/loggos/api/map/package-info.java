/** A map with a copy at every member of a group. */
@NullMarked
package io.loggos.api.map;

import org.jspecify.annotations.NullMarked;
