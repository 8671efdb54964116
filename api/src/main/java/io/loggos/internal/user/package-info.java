/**
 * The places in which a node runs the application's code, as its parts see them. Used by the modules of Loggos only;
 * not part of the API.
 */
@NullMarked
package io.loggos.internal.user;

import org.jspecify.annotations.NullMarked;
