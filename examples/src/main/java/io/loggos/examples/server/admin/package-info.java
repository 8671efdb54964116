/**
 * Services for operators that are not of etcd: status and snapshots.
 */
@NullMarked
package io.loggos.examples.server.admin;

import org.jspecify.annotations.NullMarked;
