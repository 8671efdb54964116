package io.loggos.storage.kv.watch.core;

import io.loggos.storage.kv.versions.Change;
import java.util.List;

/**
 * All changes of one revision.
 *
 * @param number the revision
 * @param changes the changes in their order; at least one
 * @param bytes number of bytes that they hold in memory
 */
public record Revision(long number, List<Change> changes, long bytes) {}
