/**
 * Backups in the format of etcd: the bolt database that {@code etcdctl snapshot} saves, shows and restores. May use the
 * API and etcd's messages.
 */
@NullMarked
package io.loggos.examples.server.backup;

import org.jspecify.annotations.NullMarked;
