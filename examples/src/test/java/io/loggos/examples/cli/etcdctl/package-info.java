/** Every subcommand of etcdctl, against an etcd and against this server. */
@NullMarked
package io.loggos.examples.cli.etcdctl;

import org.jspecify.annotations.NullMarked;
