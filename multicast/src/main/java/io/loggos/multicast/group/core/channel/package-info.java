/**
 * Messages of one view: streams of each sender, the order of delivery, and stability.
 */
@NullMarked
package io.loggos.multicast.group.core.channel;

import org.jspecify.annotations.NullMarked;
