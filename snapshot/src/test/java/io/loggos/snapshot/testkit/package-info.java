/** Cuts that were never taken of a cluster: put together for tests of what reads them. */
package io.loggos.snapshot.testkit;
