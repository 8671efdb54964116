/**
 * Agents and the event loop of a node, as its parts see them. Used by the modules of Loggos only; not part of the API.
 */
@NullMarked
package io.loggos.internal.loop;

import org.jspecify.annotations.NullMarked;
