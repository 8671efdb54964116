/**
 * {@code bench multicast-trials}: what a group does when a member of it fails, in processes of their own. May use
 * {@code multicast.system}, {@code process} and {@code trial}.
 */
@NullMarked
package io.loggos.benchmarks.multicast.trial;

import org.jspecify.annotations.NullMarked;
