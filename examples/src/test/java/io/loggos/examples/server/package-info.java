/** Tests of the etcd front: with a store on one replica in memory, and compared with a real etcd if there is one. */
@NullMarked
package io.loggos.examples.server;

import org.jspecify.annotations.NullMarked;
