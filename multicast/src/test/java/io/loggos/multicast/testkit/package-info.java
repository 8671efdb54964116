/** A network on virtual time that breaks as networks break, for the simulations of every module. */
@NullMarked
package io.loggos.multicast.testkit;

import org.jspecify.annotations.NullMarked;
