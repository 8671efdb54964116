/** Requests to members of a group and their answers, as an application sees them. Records without behaviour. */
@NullMarked
package io.loggos.api.group.request;

import org.jspecify.annotations.NullMarked;
