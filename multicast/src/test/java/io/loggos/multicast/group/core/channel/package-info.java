@NullMarked
package io.loggos.multicast.group.core.channel;

import org.jspecify.annotations.NullMarked;
