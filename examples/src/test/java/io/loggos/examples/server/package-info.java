/** Tests of the etcd front: against a store on one replica in memory, and beside a real etcd if there is one. */
@NullMarked
package io.loggos.examples.server;

import org.jspecify.annotations.NullMarked;
