/**
 * Agreement on the line of primary views: by a majority of the nodes, or by a replicated log.
 */
@NullMarked
package io.loggos.multicast.group.core.agreement;

import org.jspecify.annotations.NullMarked;
