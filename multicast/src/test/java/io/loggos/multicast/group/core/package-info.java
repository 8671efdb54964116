/** What the papers claim of groups, one short test each, on processes joined by perfect links. */
@NullMarked
package io.loggos.multicast.group.core;

import org.jspecify.annotations.NullMarked;
