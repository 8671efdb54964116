/** The replicated key-value store, as an application sees it: the data model of etcd v3 without its wire format. */
@NullMarked
package io.loggos.api.kv;

import org.jspecify.annotations.NullMarked;
