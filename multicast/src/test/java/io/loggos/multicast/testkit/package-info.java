/** Parts of a simulated node that need the classes of this module, for the simulations of every module. */
@NullMarked
package io.loggos.multicast.testkit;

import org.jspecify.annotations.NullMarked;
