@NullMarked
package io.loggos.multicast.group.request;

import org.jspecify.annotations.NullMarked;
