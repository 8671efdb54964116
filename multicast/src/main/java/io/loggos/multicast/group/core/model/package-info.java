/**
 * Values that the protocol of groups is written in: messages, packets, views, clocks, settings; and its effects.
 */
@NullMarked
package io.loggos.multicast.group.core.model;

import org.jspecify.annotations.NullMarked;
