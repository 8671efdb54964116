/** Requests of one member and their answers: pure, on top of messages and views. */
@NullMarked
package io.loggos.multicast.group.request;

import org.jspecify.annotations.NullMarked;
