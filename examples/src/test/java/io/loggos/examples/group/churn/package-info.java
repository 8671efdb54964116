/** Members of groups in real processes that join, leave, close, fail and come back under traffic. */
@NullMarked
package io.loggos.examples.group.churn;

import org.jspecify.annotations.NullMarked;
