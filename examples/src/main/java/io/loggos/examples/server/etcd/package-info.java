/**
 * Services of the etcd v3 protocol, in front of a key-value store.
 */
@NullMarked
package io.loggos.examples.server.etcd;

import org.jspecify.annotations.NullMarked;
