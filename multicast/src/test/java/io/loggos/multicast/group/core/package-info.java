/** Claims of the papers about groups, one short test each, on processes joined by perfect links. */
@NullMarked
package io.loggos.multicast.group.core;

import org.jspecify.annotations.NullMarked;
