/**
 * Change from one view to the next: the coordinator, the flush, the ragged trim, and the plan of the next view.
 */
@NullMarked
package io.loggos.multicast.group.core.viewchange;

import org.jspecify.annotations.NullMarked;
