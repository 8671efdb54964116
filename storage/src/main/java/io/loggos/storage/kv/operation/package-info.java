/**
 * Operations of the key-value store and their outcomes: the rules that make one valid, and their form as bytes.
 */
@NullMarked
package io.loggos.storage.kv.operation;

import org.jspecify.annotations.NullMarked;
