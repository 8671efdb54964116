/**
 * The content of a global snapshot: the state of each node and the messages in flight on each link, as recorded at the cut.
 */
@NullMarked
package io.loggos.api.snapshot.cut;

import org.jspecify.annotations.NullMarked;
