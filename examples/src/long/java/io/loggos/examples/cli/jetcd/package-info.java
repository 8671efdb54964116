/** A real client of etcd for Java, jetcd, with this server and with an etcd. Only the profile {@code long} has it. */
@NullMarked
package io.loggos.examples.cli.jetcd;

import org.jspecify.annotations.NullMarked;
